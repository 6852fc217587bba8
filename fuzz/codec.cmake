foreach(what cbor cose rlp base64)
    zc_fuzz(fuzz_codec_${what} CORPUS codec_${what} SOURCES codec_${what}.c USES base codec)
endforeach()
