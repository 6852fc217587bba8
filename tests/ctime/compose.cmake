zc_ctime(ctime_compose_finish SOURCES ctime/compose.c USES base crypto codec intent compose)
