#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| star_testing::fuzz::programs(data));
