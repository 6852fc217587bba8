zc_ctime(ctime_base SOURCES ctime/base.c USES base)
