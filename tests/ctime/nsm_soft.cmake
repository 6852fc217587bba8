zc_ctime(ctime_nsm_soft SOURCES ctime/nsm_soft.c USES base crypto codec attest nsm_soft)
