zc_fuzz(fuzz_policy_snapshot CORPUS policy_snapshot SOURCES ${CMAKE_SOURCE_DIR}/fuzz/policy_snapshot.c
        USES base crypto codec wire intent policy)
