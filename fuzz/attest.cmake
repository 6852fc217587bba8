foreach(what document nsm_request nsm_response genesis binding kms_answer)
    zc_fuzz(fuzz_attest_${what} SOURCES attest_${what}.c USES base crypto codec attest CORPUS attest_${what})
endforeach()
