foreach(what cbor cose rlp base64)
    zc_fuzz(codec_${what} CORPUS codec_${what} SOURCES codec_${what}.c USES base codec)
endforeach()
