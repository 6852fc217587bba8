zc_fuzz(fuzz_crypto_x509 CORPUS crypto_x509 SOURCES crypto_x509.c USES base crypto
        LINKS PkgConfig::CRYPTO)
zc_fuzz(fuzz_crypto_der CORPUS crypto_der SOURCES crypto_der.c USES base crypto)
zc_fuzz(fuzz_crypto_pubkey CORPUS crypto_pubkey SOURCES crypto_pubkey.c USES base crypto)
