zc_ctime(ctime_keys SOURCES ctime/keys.c USES base attest crypto codec wire intent compose keys)
