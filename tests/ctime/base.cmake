zc_ctime(ctime_base SOURCES ctime/base.c USES base)
# Branches on a secret on purpose: if this one passes, none of the others proves anything.
zc_ctime(ctime_base_leak SOURCES ctime/base_leak.c USES base)
if(ZC_CTIME)
    set_tests_properties(ctime_base_leak PROPERTIES WILL_FAIL TRUE)
endif()
