zc_fuzz(fuzz_mission_compile SOURCES ${CMAKE_CURRENT_LIST_DIR}/mission_compile.c CORPUS mission_compile
        USES base crypto codec wire intent policy support mission LINKS PkgConfig::YAML PkgConfig::JANSSON)
zc_fuzz(fuzz_mission_show SOURCES ${CMAKE_CURRENT_LIST_DIR}/mission_show.c CORPUS mission_show
        USES base crypto codec wire intent policy support mission LINKS PkgConfig::YAML PkgConfig::JANSSON)
