foreach(what entry opening checkpoint state change)
    zc_fuzz(fuzz_audit_${what} SOURCES audit_${what}.c CORPUS audit_${what} USES base crypto codec audit)
endforeach()
