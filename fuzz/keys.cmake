zc_fuzz(fuzz_keys_seal SOURCES keys_seal.c CORPUS keys_seal USES base crypto codec wire intent compose keys)
zc_fuzz(fuzz_keys_material SOURCES keys_material.c CORPUS keys_material USES base crypto codec wire intent compose keys)
