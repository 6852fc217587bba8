# The architecture as the build enforces it (docs/architecture.md).
#
#   zc_module(NAME DIR <folder> SOURCES … [USES module…] [LINKS library…])
#   zc_program(NAME MODULE <module> SOURCES … [USES module…] [LINKS library…])
#   zc_test(NAME SOURCES … [USES module…] [LINKS library…] [LABELS …])
#
# A module sees the headers of exactly the modules that it names in USES, and may name only modules of a
# lower layer. A header of any other module does not resolve: each module is reached through its own link
# in <build>/layers/<module>/, and include paths are never passed on.

set(ZC_LAYERS
    base 0
    crypto 1        codec 1
    wire 2          attest 2        intent 2        platform 2
    compose 3       policy 3        audit 3         mpc 3           nitro 3
    keys 4
    enclave 5
    runtime 6
    image_signer 7  image_strategy 7
    support 7       nsm_soft 7      evidence 7
    client 8
    venues 9        chains 9        eif 9           log 9
    recon 10        strategy 10     mission 10      exec 10
    api 11          pkcs11 11
    app 12)

# Modules of the measured image. They may not use a host module whatever its number.
set(ZC_TCB base crypto codec wire attest intent platform nitro compose policy audit mpc keys enclave runtime
    image_signer image_strategy)

function(zc_layer_of module ret_layer)
    list(FIND ZC_LAYERS ${module} at)
    if(at EQUAL -1)
        message(FATAL_ERROR "layers: '${module}' has no layer. Give it one in cmake/Layers.cmake.")
    endif()
    math(EXPR at "${at} + 1")
    list(GET ZC_LAYERS ${at} layer)
    set(${ret_layer} ${layer} PARENT_SCOPE)
endfunction()

function(zc_check_layers module uses)
    zc_layer_of(${module} own)
    foreach(used IN LISTS uses)
        zc_layer_of(${used} layer)
        if(NOT layer LESS own)
            message(FATAL_ERROR "layers: ${module} (${own}) may not use ${used} (${layer}): "
                                "a module uses only modules of a lower layer.")
        endif()
        if(module IN_LIST ZC_TCB AND NOT used IN_LIST ZC_TCB)
            message(FATAL_ERROR "layers: ${module} is measured and may not use ${used}, which is host code.")
        endif()
    endforeach()
endfunction()

# Gives `target` the headers of `modules`, their code, and nothing else.
function(zc_use target modules)
    foreach(module IN LISTS modules)
        target_include_directories(${target} PRIVATE ${CMAKE_BINARY_DIR}/layers/${module})
        target_link_libraries(${target} PUBLIC zc_${module})
    endforeach()
endfunction()

function(zc_module name)
    cmake_parse_arguments(M "" "DIR" "SOURCES;USES;LINKS" ${ARGN})
    zc_check_layers(${name} "${M_USES}")
    file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/layers/${name})
    file(CREATE_LINK ${CMAKE_SOURCE_DIR}/${M_DIR} ${CMAKE_BINARY_DIR}/layers/${name}/${name} SYMBOLIC)
    add_library(zc_${name} STATIC ${M_SOURCES})
    set_target_properties(zc_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
    target_include_directories(zc_${name} PRIVATE ${CMAKE_BINARY_DIR}/layers/${name})
    zc_use(zc_${name} "${M_USES}")
    target_link_libraries(zc_${name} PUBLIC ${M_LINKS})
endfunction()

function(zc_program name)
    cmake_parse_arguments(P "" "MODULE" "SOURCES;USES;LINKS" ${ARGN})
    zc_check_layers(${P_MODULE} "${P_USES}")
    add_executable(${name} ${P_SOURCES})
    zc_use(${name} "${P_USES}")
    target_link_libraries(${name} PRIVATE ${P_LINKS})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
endfunction()

function(zc_test name)
    cmake_parse_arguments(T "" "" "SOURCES;USES;LINKS;LABELS" ${ARGN})
    add_executable(${name} ${T_SOURCES})
    zc_use(${name} "${T_USES}")
    target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
    target_link_libraries(${name} PRIVATE cmocka ${T_LINKS})
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES LABELS "${T_LABELS}" TIMEOUT 300)
endfunction()

# A libFuzzer target under the fuzz preset; elsewhere the same function runs over its corpus once, as a test.
function(zc_fuzz name)
    cmake_parse_arguments(F "" "CORPUS" "SOURCES;USES;LINKS" ${ARGN})
    add_executable(${name} ${F_SOURCES})
    zc_use(${name} "${F_USES}")
    target_link_libraries(${name} PRIVATE ${F_LINKS})
    if(ZC_FUZZ)
        target_link_options(${name} PRIVATE -fsanitize=fuzzer)
        set_property(GLOBAL APPEND PROPERTY ZC_FUZZ_TARGETS ${name})
    else()
        target_sources(${name} PRIVATE ${CMAKE_SOURCE_DIR}/fuzz/replay_main.c)
        add_test(NAME ${name} COMMAND ${name} ${CMAKE_SOURCE_DIR}/fuzz/corpus/${F_CORPUS})
        set_tests_properties(${name} PROPERTIES LABELS "fuzz-replay" TIMEOUT 120)
    endif()
endfunction()
