zc_fuzz(fuzz_risk_form SOURCES ${CMAKE_CURRENT_LIST_DIR}/risk_form.c CORPUS risk_form
        USES base crypto codec wire intent policy)
zc_fuzz(fuzz_risk_lightgbm SOURCES ${CMAKE_CURRENT_LIST_DIR}/risk_lightgbm.c CORPUS risk_lightgbm
        USES base crypto codec wire intent policy support mission LINKS PkgConfig::YAML PkgConfig::JANSSON)
zc_fuzz(fuzz_risk_xgboost SOURCES ${CMAKE_CURRENT_LIST_DIR}/risk_xgboost.c CORPUS risk_xgboost
        USES base crypto codec wire intent policy support mission LINKS PkgConfig::YAML PkgConfig::JANSSON)
