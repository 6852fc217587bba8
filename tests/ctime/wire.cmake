zc_ctime(ctime_wire_session SOURCES ctime/wire.c USES base crypto codec wire)
