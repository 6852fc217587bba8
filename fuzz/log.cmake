foreach(what bundle tile nats witness)
    zc_fuzz(fuzz_log_${what} SOURCES log_${what}.c CORPUS log_${what}
        USES base crypto codec attest audit support log)
endforeach()
