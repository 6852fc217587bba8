zc_ctime(ctime_keys SOURCES ctime/keys.c USES base crypto codec wire keys)
