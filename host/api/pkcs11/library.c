/* The shared library is the module zc_pkcs11 as a whole; a target needs a source of its own. */
typedef int zcp_pkcs11_library;
