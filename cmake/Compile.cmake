# How every line of ours is compiled.
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

option(ZC_ASAN "address and undefined-behaviour sanitizers" OFF)
option(ZC_FUZZ "libFuzzer targets (clang)" OFF)
option(ZC_CTIME "secrets are poisoned for valgrind's constant-time tests" OFF)

add_compile_options(-Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wvla -Wcast-qual
                    -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wundef -Werror
                    -fstack-protector-strong -fno-strict-overflow -fno-common)
add_compile_definitions(_GNU_SOURCE OPENSSL_SUPPRESS_DEPRECATED)
add_link_options(-Wl,-z,relro,-z,now,-z,noexecstack)

if(CMAKE_BUILD_TYPE STREQUAL Release AND NOT ZC_ASAN)
    add_compile_definitions(_FORTIFY_SOURCE=2)
endif()
if(ZC_ASAN)
    add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
endif()
if(ZC_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link)
    add_link_options(-fsanitize=fuzzer-no-link)
endif()
if(ZC_CTIME)
    add_compile_definitions(ZC_CTIME=1)
endif()
