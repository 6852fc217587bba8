zc_fuzz(fuzz_eif_file SOURCES ${CMAKE_CURRENT_LIST_DIR}/eif_file.c CORPUS eif_file
        USES base crypto codec attest support eif)
