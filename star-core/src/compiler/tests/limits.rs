//! Programs of extreme shape compile, in linear time.
