zc_ctime(ctime_audit SOURCES ctime/audit.c USES base crypto codec audit)
