zc_fuzz(fuzz_policy_mission CORPUS policy_mission SOURCES ${CMAKE_SOURCE_DIR}/fuzz/policy_mission.c
        USES base crypto codec wire intent policy)
zc_fuzz(fuzz_policy_decide CORPUS policy_decide SOURCES ${CMAKE_SOURCE_DIR}/fuzz/policy_decide.c
        USES base crypto codec wire intent policy)
zc_fuzz(fuzz_policy_feed CORPUS policy_feed SOURCES ${CMAKE_SOURCE_DIR}/fuzz/policy_feed.c
        USES base crypto codec wire intent policy)
