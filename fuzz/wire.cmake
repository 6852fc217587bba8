foreach(what request reply hostlink frontlink evidence record)
    zc_fuzz(fuzz_wire_${what} CORPUS wire_${what} SOURCES wire_${what}.c USES base crypto codec wire)
endforeach()
