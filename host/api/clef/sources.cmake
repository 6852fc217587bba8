list(APPEND ZC_API_SOURCES clef/clef.c clef/data.c clef/gnosis.c clef/scan.c clef/stream.c)
