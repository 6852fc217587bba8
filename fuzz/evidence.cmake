foreach(what snp quote whole collateral)
    zc_fuzz(fuzz_evidence_${what} SOURCES evidence_${what}.c USES base crypto codec attest audit evidence
            CORPUS evidence_${what})
endforeach()
