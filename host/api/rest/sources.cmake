list(APPEND ZC_API_SOURCES rest/answer.c rest/body.c rest/control.c rest/evidence.c rest/keys.c rest/rest.c rest/sign.c
    rest/tail.c)

# The document that describes the interface is served as it stands: its bytes, as a C array.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/openapi.json)
file(READ ${CMAKE_CURRENT_LIST_DIR}/openapi.json openapi HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," openapi "${openapi}")
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/generated/api/rest/openapi.h CONTENT
"#ifndef ZC_REST_OPENAPI_H\n#define ZC_REST_OPENAPI_H\nstatic const unsigned char zc_openapi[] = {${openapi}};\n#endif\n")
list(APPEND ZC_API_INCLUDES ${CMAKE_CURRENT_BINARY_DIR}/generated)
