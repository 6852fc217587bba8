zc_fuzz(fuzz_keys_seal SOURCES keys_seal.c CORPUS keys_seal USES base crypto codec wire intent compose keys)
