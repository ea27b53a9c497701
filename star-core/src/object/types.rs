//! The types of the language.
//!
//! `Value::Type(n)`: `n` below [`BUILTIN_TYPES`] is a built-in type of [`TypeId`]; above, `n - BUILTIN_TYPES` is the
//! place of a [`UserType`](super::UserType) in its slab.

use crate::value::Value;

macro_rules! types {
    ($($(#[$doc:meta])* $id:ident = $name:literal < $base:ident;)*) => {
        /// A built-in type.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        #[allow(missing_docs)]
        pub enum TypeId { $($(#[$doc])* $id),* }

        impl TypeId {
            /// Every built-in type, in the order of their numbers.
            pub const ALL: &'static [TypeId] = &[$(TypeId::$id),*];

            /// Its name: `int`.
            pub fn name(self) -> &'static str {
                match self { $(TypeId::$id => $name),* }
            }

            /// Its base; `Object` is its own.
            pub fn base(self) -> TypeId {
                match self { $(TypeId::$id => TypeId::$base),* }
            }
        }
    };
}

types! {
    Object = "object" < Object;
    Type = "type" < Object;
    NoneType = "NoneType" < Object;
    Ellipsis = "ellipsis" < Object;
    Int = "int" < Object;
    Bool = "bool" < Int;
    Float = "float" < Object;
    Str = "str" < Object;
    Bytes = "bytes" < Object;
    List = "list" < Object;
    Tuple = "tuple" < Object;
    Dict = "dict" < Object;
    Set = "set" < Object;
    FrozenSet = "frozenset" < Object;
    Range = "range" < Object;
    Slice = "slice" < Object;
    Function = "function" < Object;
    Builtin = "builtin_function_or_method" < Object;
    Method = "method" < Object;
    MethodDescriptor = "method_descriptor" < Object;
    Generator = "generator" < Object;
    Module = "module" < Object;
    Struct = "struct" < Object;
    DictKeys = "dict_keys" < Object;
    DictValues = "dict_values" < Object;
    DictItems = "dict_items" < Object;
    ListIterator = "list_iterator" < Object;
    ListReverseIterator = "list_reverseiterator" < Object;
    TupleIterator = "tuple_iterator" < Object;
    Reversed = "reversed" < Object;
    StrIterator = "str_iterator" < Object;
    StrAsciiIterator = "str_ascii_iterator" < Object;
    BytesIterator = "bytes_iterator" < Object;
    RangeIterator = "range_iterator" < Object;
    LongRangeIterator = "longrange_iterator" < Object;
    DictKeyIterator = "dict_keyiterator" < Object;
    DictValueIterator = "dict_valueiterator" < Object;
    DictItemIterator = "dict_itemiterator" < Object;
    DictReverseKeyIterator = "dict_reversekeyiterator" < Object;
    DictReverseValueIterator = "dict_reversevalueiterator" < Object;
    DictReverseItemIterator = "dict_reverseitemiterator" < Object;
    SetIterator = "set_iterator" < Object;
    CallableIterator = "callable_iterator" < Object;
    Enumerate = "enumerate" < Object;
    Zip = "zip" < Object;
    Map = "map" < Object;
    Filter = "filter" < Object;

    // Exceptions, in CPython's tree. Everything from BaseException on is an exception type.
    BaseException = "BaseException" < Object;
    SystemExit = "SystemExit" < BaseException;
    KeyboardInterrupt = "KeyboardInterrupt" < BaseException;
    GeneratorExit = "GeneratorExit" < BaseException;
    Exception = "Exception" < BaseException;
    StopIteration = "StopIteration" < Exception;
    ArithmeticError = "ArithmeticError" < Exception;
    FloatingPointError = "FloatingPointError" < ArithmeticError;
    OverflowError = "OverflowError" < ArithmeticError;
    ZeroDivisionError = "ZeroDivisionError" < ArithmeticError;
    AssertionError = "AssertionError" < Exception;
    AttributeError = "AttributeError" < Exception;
    BufferError = "BufferError" < Exception;
    EOFError = "EOFError" < Exception;
    ImportError = "ImportError" < Exception;
    ModuleNotFoundError = "ModuleNotFoundError" < ImportError;
    LookupError = "LookupError" < Exception;
    IndexError = "IndexError" < LookupError;
    KeyError = "KeyError" < LookupError;
    MemoryError = "MemoryError" < Exception;
    NameError = "NameError" < Exception;
    UnboundLocalError = "UnboundLocalError" < NameError;
    OSError = "OSError" < Exception;
    BlockingIOError = "BlockingIOError" < OSError;
    ChildProcessError = "ChildProcessError" < OSError;
    ConnectionError = "ConnectionError" < OSError;
    BrokenPipeError = "BrokenPipeError" < ConnectionError;
    ConnectionAbortedError = "ConnectionAbortedError" < ConnectionError;
    ConnectionRefusedError = "ConnectionRefusedError" < ConnectionError;
    ConnectionResetError = "ConnectionResetError" < ConnectionError;
    FileExistsError = "FileExistsError" < OSError;
    FileNotFoundError = "FileNotFoundError" < OSError;
    InterruptedError = "InterruptedError" < OSError;
    IsADirectoryError = "IsADirectoryError" < OSError;
    NotADirectoryError = "NotADirectoryError" < OSError;
    PermissionError = "PermissionError" < OSError;
    ProcessLookupError = "ProcessLookupError" < OSError;
    TimeoutError = "TimeoutError" < OSError;
    ReferenceError = "ReferenceError" < Exception;
    RuntimeError = "RuntimeError" < Exception;
    NotImplementedError = "NotImplementedError" < RuntimeError;
    RecursionError = "RecursionError" < RuntimeError;
    StopAsyncIteration = "StopAsyncIteration" < Exception;
    SyntaxError = "SyntaxError" < Exception;
    IndentationError = "IndentationError" < SyntaxError;
    TabError = "TabError" < IndentationError;
    SystemError = "SystemError" < Exception;
    TypeError = "TypeError" < Exception;
    ValueError = "ValueError" < Exception;
    UnicodeError = "UnicodeError" < ValueError;
    UnicodeDecodeError = "UnicodeDecodeError" < UnicodeError;
    UnicodeEncodeError = "UnicodeEncodeError" < UnicodeError;
    UnicodeTranslateError = "UnicodeTranslateError" < UnicodeError;
    Warning = "Warning" < Exception;
    BytesWarning = "BytesWarning" < Warning;
    DeprecationWarning = "DeprecationWarning" < Warning;
    EncodingWarning = "EncodingWarning" < Warning;
    FutureWarning = "FutureWarning" < Warning;
    ImportWarning = "ImportWarning" < Warning;
    PendingDeprecationWarning = "PendingDeprecationWarning" < Warning;
    ResourceWarning = "ResourceWarning" < Warning;
    RuntimeWarning = "RuntimeWarning" < Warning;
    SyntaxWarning = "SyntaxWarning" < Warning;
    UnicodeWarning = "UnicodeWarning" < Warning;
    UserWarning = "UserWarning" < Warning;
}

/// Number of built-in types.
pub const BUILTIN_TYPES: u64 = TypeId::ALL.len() as u64;

impl TypeId {
    /// Whether it is `BaseException` or below.
    pub fn is_exception(self) -> bool {
        self >= TypeId::BaseException
    }

    /// Whether it is `other` or derives from it.
    pub fn is_subtype(self, other: TypeId) -> bool {
        let mut at = self;
        loop {
            if at == other {
                return true;
            }
            if at.base() == at {
                return false;
            }
            at = at.base();
        }
    }

    /// The type as a value.
    #[inline]
    pub fn value(self) -> Value {
        Value::Type(self as u64)
    }

    /// The built-in type that `Value::Type(number)` is, unless a script made it.
    #[inline]
    pub fn from_number(number: u64) -> Option<TypeId> {
        TypeId::ALL.get(number as usize).copied()
    }
}
