// Package lint checks the messages of a catalog.Set: each message by itself, each
// translation against its source, and each catalog as a whole.
//
// What is found in catalogs with one defect at a time (package linttest),
// beside what other tools say of them: goi18n 2.7.0, and of the catalog exported
// as PO msgfmt of gettext 0.21 and pofilter of the Translate Toolkit 3.8. "yes"
// is an exit status that fails a run; what is said or done with exit status 0 is
// told; "no" is nothing more than of sound catalogs. The table is made, and held
// true, by
//
//	go test ./cmd/hexapla -run DefectsBesidePeers -update
//
//	defect                             this package                           goi18n merge                   msgfmt -c                      pofilter
//	missing message                    missing                                asked for, exit 0              counted, exit 0                untranslated, exit 0
//	extra message                      extra                                  deleted, exit 0                no                             no
//	empty message                      empty                                  asked for, exit 0              counted, exit 0                untranslated, exit 0
//	empty plural form                  empty                                  no                             no                             no
//	plural form missing                plural-missing                         asked for, exit 0              no                             untranslated, exit 0
//	plural form superfluous            plural-extra                           no                             no                             no
//	plural form without its count      count                                  no                             no                             brackets startpunc, exit 0
//	variable renamed                   variable-extra variable-missing        no                             no                             no
//	variable lost                      variable-missing                       no                             no                             brackets, exit 0
//	variable added                     variable-extra                         no                             no                             brackets simplecaps, exit 0
//	variable by another function       function                               no                             no                             no
//	template does not parse            template                               no                             no                             brackets, exit 0
//	separated braces                   template variable-missing              no                             no                             puncspacing pythonbraceformat, exit 0
//	template loops                     template-node                          no                             no                             brackets, exit 0
//	verb of printf changed             printf                                 no                             no                             printf, exit 0
//	markup lost                        markup                                 no                             no                             xmltags, exit 0
//	markup not closed                  markup                                 no                             no                             xmltags, exit 0
//	address changed                    url                                    no                             no                             urls, exit 0
//	same as the source                 untranslated                           no                             no                             unchanged, exit 0
//	space at an end                    space                                  no                             no                             endwhitespace, exit 0
//	two spaces                         space                                  no                             no                             doublespacing, exit 0
//	end punctuation                    end-punctuation                        no                             no                             endpunc, exit 0
//	Latin letter in a Cyrillic word    script                                 no                             no                             no
//	word in a foreign alphabet         script                                 no                             no                             no
//	bidi isolate not closed            bidi                                   no                             no                             no
//	bidi override                      bidi                                   no                             no                             no
//	control character                  control                                no                             no                             escapes, exit 0
//	replacement character U+FFFD       control                                no                             no                             no
//	text not in NFC                    nfc                                    no                             no                             no
//	stale: the source has changed      stale                                  taken out of the page, exit 0  counted, exit 0                isfuzzy, exit 0
//	no hash of the source              hash                                   no                             no                             no
//	message given twice, TOML          duplicate                              yes                            no                             no
//	message given twice, JSON          duplicate                              no                             no                             no
//	YAML key that is no string         structure                              yes                            no                             no
//	byte order mark before JSON        encoding                               yes                            no                             no
//	message of a parent locale         inherited                              no                             no                             no
//	locale that go-i18n does not know  go-i18n                                no                             no                             no
//	second file of a locale            two-files                              no                             no                             no
//	file name without a locale         file-name                              no                             no                             no
//	file does not parse                syntax                                 yes                            no                             no
//	merge conflict marker              conflict                               yes                            no                             no
//	file is not UTF-8                  encoding                               yes                            no                             no
//	message not used in the code       unused                                 no                             no                             no
//	message used and not there         undefined                              no                             no                             no
package lint
