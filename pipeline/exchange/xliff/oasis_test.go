package xliff

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"hexapla/pipeline/diag"
	"hexapla/pipeline/exchange"
	"hexapla/pipeline/exchange/exchangetest"
	"hexapla/pipeline/exchange/xliff/validate"
)

func oasis(t testing.TB, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "oasis", pattern))
	if err != nil || len(files) == 0 {
		t.Fatalf("no samples %s: %v", pattern, err)
	}
	return files
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func failed(found []diag.Diagnostic) bool {
	worst, any := diag.MaxSeverity(found)
	return any && worst == diag.Error
}

// TestValidSamples holds the validator to the OASIS samples that are valid. Those
// of warned are so only by a generous reading, and get a warning.
func TestValidSamples(t *testing.T) {
	warned := map[string]string{
		// 5.2.5.2: ref must point to a span in the same unit. "t=#m2" is a path
		// with a fragment, so another document; "#t=m2" was meant.
		"sample1.xlf": "xliff.gls-ref",
		// 5.6.5.9: the general profile says what sizeInfo means, and none is named.
		"withModulesAttributesInEc.xlf":    "xliff.slr-size-info",
		"Good-slr_sizeInfo-is-integer.xlf": "xliff.slr-size-info",
		// 5.5.4.3: ref must be the id of a resource item of the file, which has
		// none; 5.5.4.6: the target's language must be trgLang.
		"Good-res_source-has-no-content-and-href.xlf": "xliff.res-ref",
	}
	n := 0
	for _, dir := range []string{"valid", "modules-valid", "in-out"} {
		for _, file := range oasis(t, dir+"/*.xlf") {
			n++
			found := validate.File(file, bytes.NewReader(read(t, file)))
			want := warned[filepath.Base(file)]
			has := slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return d.ID == want })
			if failed(found) || (want != "") != has || want == "" && len(found) > 0 {
				t.Errorf("%s, want %q: %v", file, want, found)
			}
		}
	}
	if n != 25+34+18 {
		t.Errorf("%d samples", n)
	}
}

// TestInvalidSamples holds the validator to refusing the OASIS samples that are
// invalid, for the reason that their names give.
func TestInvalidSamples(t *testing.T) {
	// Not invalid by the specification's text: without a general profile (5.6.5.5:
	// the default is the empty string, which means no restrictions) sizeInfo is
	// free text; it is warned of.
	const wrong = "modules-invalid/Bad-slr_sizeInfo-not-integer.xlf"
	for _, dir := range []string{"invalid", "modules-invalid"} {
		for _, file := range oasis(t, dir+"/*.xlf") {
			name := dir + "/" + filepath.Base(file)
			found := validate.File(file, bytes.NewReader(read(t, file)))
			if name == wrong {
				if failed(found) || len(found) == 0 {
					t.Errorf("%s: %v", name, found)
				}
				continue
			}
			want := sampleRules[name]
			if want == "" {
				t.Errorf("%s: no rule is expected", name)
			}
			if !slices.ContainsFunc(found, func(d diag.Diagnostic) bool {
				return d.ID == want && d.Severity == diag.Error && d.Place.Line > 1 && d.Place.Column > 0
			}) {
				t.Errorf("%s: want %s, found %v", name, want, found)
			}
		}
	}
}

// TestOwnFiles holds what is written to the validator.
func TestOwnFiles(t *testing.T) {
	for _, version := range versions {
		for seed := range uint64(100) {
			data := encoded(t, exchange.Options{Version: version}, exchangetest.Generate(seed))
			if found := validate.File(fmt.Sprintf("%s, seed %d", version, seed), bytes.NewReader(data)); len(found) > 0 {
				t.Fatalf("%v\n%s", found, data)
			}
		}
	}
}

// sampleRules are the rules that the invalid samples break.
var sampleRules = map[string]string{
	"invalid/bad_CommentWithValueAndRef.xlf":                                        "xliff.comment-annotation",
	"invalid/bad_ConfusedIsolatedOnEc.xlf":                                          "xliff.end-code",
	"invalid/bad_CopyOfWithBadReference.xlf":                                        "xliff.copy-of",
	"invalid/bad_CopyOfWithNoCopyReference.xlf":                                     "xliff.copy-of",
	"invalid/bad_CopyOfWithOriginalData.xlf":                                        "xliff.copy-of",
	"invalid/bad_DataIdNotUnique.xlf":                                               "xliff.dup-data-id",
	"invalid/bad_DataRefWithoutOriginalData.xlf":                                    "xliff.data-ref",
	"invalid/bad_DifferentCanCopyInScAndEc.xlf":                                     "xliff.pair",
	"invalid/bad_DifferentCanDeleteInScAndEc.xlf":                                   "xliff.pair",
	"invalid/bad_DifferentCanOverlapInScAndEc.xlf":                                  "xliff.pair",
	"invalid/bad_DifferentCanReorderInScAndEc.xlf":                                  "xliff.pair",
	"invalid/bad_DifferentXmlSpace.xlf":                                             "xliff.xml-space",
	"invalid/bad_DuplicateExtElemIdsInFile.xlf":                                     "xliff.dup-extension-id",
	"invalid/bad_DuplicateExtElemIdsInGroup.xlf":                                    "xliff.dup-extension-id",
	"invalid/bad_DuplicateExtElemIdsInUnit.xlf":                                     "xliff.dup-extension-id",
	"invalid/bad_DuplicateNoteIdsInFile.xlf":                                        "xliff.dup-note-id",
	"invalid/bad_DuplicateNoteIdsInGroup.xlf":                                       "xliff.dup-note-id",
	"invalid/bad_DuplicateNoteIdsInUnit.xlf":                                        "xliff.dup-note-id",
	"invalid/bad_EcBeforeSc.xlf":                                                    "xliff.isolated",
	"invalid/bad_EmBeforeSm.xlf":                                                    "xliff.marker",
	"invalid/bad_EmptySkeletonWithoutHref.xlf":                                      "xliff.skeleton",
	"invalid/bad_FileIdNotUnique.xlf":                                               "xliff.dup-file-id",
	"invalid/bad_GroupIdNotUnique.xlf":                                              "xliff.dup-group-id",
	"invalid/bad_GroupWithoutId.xlf":                                                "xliff.required",
	"invalid/bad_IgnorableIdNotUnique.xlf":                                          "xliff.dup-id",
	"invalid/bad_IgnorableWithoutSource.xlf":                                        "xliff.element",
	"invalid/bad_InvalidCommentAnnotation1.xlf":                                     "xliff.comment-annotation",
	"invalid/bad_InvalidCommentAnnotation2.xlf":                                     "xliff.comment-annotation",
	"invalid/bad_InvalidCommentAnnotation3.xlf":                                     "xliff.comment-annotation",
	"invalid/bad_InvalidCommentAnnotation4.xlf":                                     "xliff.comment-annotation",
	"invalid/bad_InvalidDataRef.xlf":                                                "xliff.data-ref",
	"invalid/bad_InvalidDataRefEnd.xlf":                                             "xliff.data-ref",
	"invalid/bad_InvalidDataRefStart.xlf":                                           "xliff.data-ref",
	"invalid/bad_InvalidDirAttributeOnSource.xlf":                                   "xliff.attribute",
	"invalid/bad_InvalidExtensionAttributeOnPc.xlf":                                 "xliff.extension",
	"invalid/bad_InvalidExtensionAttributeOnSegment.xlf":                            "xliff.extension",
	"invalid/bad_InvalidExtensionAttributeOnSource.xlf":                             "xliff.extension",
	"invalid/bad_InvalidExtensionAttributeOnTarget.xlf":                             "xliff.extension",
	"invalid/bad_InvalidExtensionElementInData.xlf":                                 "xliff.extension",
	"invalid/bad_InvalidExtensionElementInFile.xlf":                                 "xliff.element",
	"invalid/bad_InvalidExtensionElementInOriginalData.xlf":                         "xliff.extension",
	"invalid/bad_InvalidExtensionElementInSegment.xlf":                              "xliff.extension",
	"invalid/bad_InvalidExtensionElementOutsideFile.xlf":                            "xliff.extension",
	"invalid/bad_InvalidFSAttribute.xlf":                                            "xliff.fs",
	"invalid/bad_InvalidFSAttributeOnEc.xlf":                                        "xliff.fs",
	"invalid/bad_InvalidFSAttributeValue.xlf":                                       "xliff.fs",
	"invalid/bad_InvalidFragIdBadOrder.xlf":                                         "xliff.fragment",
	"invalid/bad_InvalidFragIdDuplicatedPrefix.xlf":                                 "xliff.fragment",
	"invalid/bad_InvalidFragIdMissplacedLeaf.xlf":                                   "xliff.fragment",
	"invalid/bad_InvalidFragIdNoSingleLeaf.xlf":                                     "xliff.fragment",
	"invalid/bad_InvalidFragIdPrefixNotNmtoken.xlf":                                 "xliff.fragment",
	"invalid/bad_InvalidFragIdPrefixTooShort.xlf":                                   "xliff.fragment",
	"invalid/bad_InvalidFragIdSyntax.xlf":                                           "xliff.fragment",
	"invalid/bad_InvalidFragIdUnknownPrefix.xlf":                                    "xliff.fragment",
	"invalid/bad_InvalidHexRangeOnCp.xlf":                                           "xliff.cp",
	"invalid/bad_InvalidHexValueOnCp.xlf":                                           "xliff.value",
	"invalid/bad_InvalidId1.xlf":                                                    "xliff.value",
	"invalid/bad_InvalidId2.xlf":                                                    "xliff.value",
	"invalid/bad_InvalidId3.xlf":                                                    "xliff.value",
	"invalid/bad_InvalidIsolatedOnEc.xlf":                                           "xliff.end-code",
	"invalid/bad_InvalidIsolatedOnSc.xlf":                                           "xliff.isolated",
	"invalid/bad_InvalidLoneEm.xlf":                                                 "xliff.marker",
	"invalid/bad_InvalidLoneSm.xlf":                                                 "xliff.marker",
	"invalid/bad_InvalidNoteRefInUnit.xlf":                                          "xliff.comment-annotation",
	"invalid/bad_InvalidNotesInFile.xlf":                                            "xliff.element",
	"invalid/bad_InvalidNotesInGroup.xlf":                                           "xliff.element",
	"invalid/bad_InvalidNotesInUnit.xlf":                                            "xliff.element",
	"invalid/bad_InvalidStateValue.xlf":                                             "xliff.value",
	"invalid/bad_InvalidTranslateInSegment.xlf":                                     "xliff.attribute",
	"invalid/bad_InvalidTypeSubTypeValues.xlf":                                      "xliff.sub-type",
	"invalid/bad_InvalidTypeValue.xlf":                                              "xliff.value",
	"invalid/bad_InvalidValidation.xlf":                                             "xliff.extension",
	"invalid/bad_InvalidXmlLangInheritedFromFile.xlf":                               "xliff.source-lang",
	"invalid/bad_InvalidXmlLangInheritedFromGroup.xlf":                              "xliff.source-lang",
	"invalid/bad_InvalidXmlLangInheritedFromUnit.xlf":                               "xliff.source-lang",
	"invalid/bad_InvalidXmlLangOnFile.xlf":                                          "xliff.source-lang",
	"invalid/bad_InvalidXmlLangOnGroup.xlf":                                         "xliff.source-lang",
	"invalid/bad_InvalidXmlLangOnUnit.xlf":                                          "xliff.source-lang",
	"invalid/bad_IsolatedEcWithId.xlf":                                              "xliff.end-code",
	"invalid/bad_MissingIsolatedOnEc.xlf":                                           "xliff.end-code",
	"invalid/bad_MissingIsolatedOnSc.xlf":                                           "xliff.isolated",
	"invalid/bad_MissingNonRemovable1.xlf":                                          "xliff.cannot-delete",
	"invalid/bad_MissingNonRemovable2.xlf":                                          "xliff.cannot-delete",
	"invalid/bad_MissingReorderFirstNo.xlf":                                         "xliff.reorder",
	"invalid/bad_NoFile.xlf":                                                        "xliff.element",
	"invalid/bad_NoTrgLang.xlf":                                                     "xliff.no-trg-lang",
	"invalid/bad_NoTrgLangWithIgnorable.xlf":                                        "xliff.no-trg-lang",
	"invalid/bad_NoUnitOrGroupInFile.xlf":                                           "xliff.element",
	"invalid/bad_NonEmptySkeletonWithHref.xlf":                                      "xliff.skeleton",
	"invalid/bad_NonIsolatedEcWithoutStartRef.xlf":                                  "xliff.end-code",
	"invalid/bad_NotesWithoutNote.xlf":                                              "xliff.element",
	"invalid/bad_OrderNotUnique1.xlf":                                               "xliff.order",
	"invalid/bad_OrderNotUnique2.xlf":                                               "xliff.order",
	"invalid/bad_OriginalDataWithoutData.xlf":                                       "xliff.element",
	"invalid/bad_PartIdNotUnique.xlf":                                               "xliff.dup-id",
	"invalid/bad_RefAndValueInComment.xlf":                                          "xliff.comment-annotation",
	"invalid/bad_SegmentIdNotUnique.xlf":                                            "xliff.dup-id",
	"invalid/bad_SegmentWithoutSource.xlf":                                          "xliff.element",
	"invalid/bad_SrcLangNotWellFormed.xlf":                                          "xliff.value",
	"invalid/bad_SubFlowWithInvalidReference.xlf":                                   "xliff.sub-flows",
	"invalid/bad_SubFlowWithInvalidValue.xlf":                                       "xliff.value",
	"invalid/bad_SubStateWithoutState.xlf":                                          "xliff.sub-state",
	"invalid/bad_SubTypeWithoutType.xlf":                                            "xliff.sub-type",
	"invalid/bad_TrgLangNotWellFormed.xlf":                                          "xliff.value",
	"invalid/bad_TwoSourceInUnit.xlf":                                               "xliff.element",
	"invalid/bad_UnitWithoutSegment.xlf":                                            "xliff.no-segment",
	"invalid/bad_UnknownDataRefEndValue.xlf":                                        "xliff.data-ref",
	"invalid/bad_UnknownDataRefStartValue.xlf":                                      "xliff.data-ref",
	"invalid/bad_UnknownDataRefValue.xlf":                                           "xliff.data-ref",
	"invalid/bad_WrongLangOnTarget.xlf":                                             "xliff.target-lang",
	"invalid/bad_WrongReordering1.xlf":                                              "xliff.reorder",
	"invalid/bad_WrongReordering2.xlf":                                              "xliff.reorder",
	"invalid/bad_WrongSourceLang.xlf":                                               "xliff.source-lang",
	"invalid/bad_WrongTargetLang.xlf":                                               "xliff.target-lang",
	"invalid/bad_XmlLangNotWellFormed.xlf":                                          "xliff.value",
	"invalid/bad_YesCanReorderInEcForFirstNoInSc.xlf":                               "xliff.pair",
	"invalid/bad_canReorderContext1.xlf":                                            "xliff.editing-hints",
	"invalid/bad_canReorderContext2.xlf":                                            "xliff.editing-hints",
	"invalid/bad_canReorderContext3.xlf":                                            "xliff.editing-hints",
	"modules-invalid/Bad-ctr-property-not-legit-category.xlf":                       "xliff.ctr-property",
	"modules-invalid/Bad-ctr_appliesTo-not-using-ref-to-resolvableID.xlf":           "xliff.ctr-applies-to",
	"modules-invalid/Bad-ctr_property-not-content-or-valid-attribute-ref.xlf":       "xliff.ctr-property",
	"modules-invalid/Bad-ctr_ref-not-pointed-to-resolvableID.xlf":                   "xliff.ctr-ref",
	"modules-invalid/Bad-ctr_revisions-not-using-ref-to-resolvableID.xlf":           "xliff.ctr-applies-to",
	"modules-invalid/Bad-fs_fs-not-valid-HTML.xlf":                                  "xliff.fs",
	"modules-invalid/Bad-fs_subFs-not-allowed-w-o-fs.xlf":                           "xliff.fs-sub",
	"modules-invalid/Bad-gls_glossEntry-and-translation-not-unique-in-glossary.xlf": "xliff.gls-id",
	"modules-invalid/Bad-gls_glossEntry-w-o-translation-or-definition.xlf":          "xliff.gls-entry",
	"modules-invalid/Bad-gls_invalid-extension.xlf":                                 "xliff.text",
	"modules-invalid/Bad-mda_meta-missing-type.xlf":                                 "xliff.required",
	"modules-invalid/Bad-mda_meta-missplaced-appliesTo.xlf":                         "xliff.attribute",
	"modules-invalid/Bad-mda_metaGroup-id-not-nmtoken.xlf":                          "xliff.value",
	"modules-invalid/Bad-mda_metaGroup-id-not-unique.xlf":                           "xliff.mda-id",
	"modules-invalid/Bad-mda_metaGroup-invalid-appliesTo.xlf":                       "xliff.value",
	"modules-invalid/Bad-mda_metadata-id-not-nmtoken.xlf":                           "xliff.value",
	"modules-invalid/Bad-mda_missing-metaGroup.xlf":                                 "xliff.element",
	"modules-invalid/Bad-mtc_id-not-nmtoken.xlf":                                    "xliff.value",
	"modules-invalid/Bad-mtc_match-ID-not-unique.xlf":                               "xliff.mtc-id",
	"modules-invalid/Bad-mtc_match-has-xml_lang.xlf":                                "xliff.mtc-lang",
	"modules-invalid/Bad-mtc_subType-w-o-type-match.xlf":                            "xliff.mtc-sub-type",
	"modules-invalid/Bad-mtc_type-value-not-in-list.xlf":                            "xliff.value",
	"modules-invalid/Bad-mtc_wrong-ref-syntax.xlf":                                  "xliff.mtc-ref",
	"modules-invalid/Bad-mtc_wrong-ref-value.xlf":                                   "xliff.mtc-ref",
	"modules-invalid/Bad-res_resourceItem-not-unique.xlf":                           "xliff.res-id",
	"modules-invalid/Bad-res_resourceItemRef-not-unique.xlf":                        "xliff.res-id",
	"modules-invalid/Bad-res_source-has-content-and-href.xlf":                       "xliff.res-content",
	"modules-invalid/Bad-res_source-xml_lang-not-same-as-xliff.xlf":                 "xliff.res-lang",
	"modules-invalid/Bad-slr_equivStorage-ec-not-isolated.xlf":                      "xliff.slr-isolated",
	"modules-invalid/Bad-slr_equivStorage-not-integer.xlf":                          "xliff.slr-storage",
	"modules-invalid/Bad-slr_sizeInfo-ec-not-isolated.xlf":                          "xliff.slr-isolated",
	"modules-invalid/Bad-slr_sizeInfo-with-sizeInfoRef.xlf":                         "xliff.slr-size-info-ref",
	"modules-invalid/Bad-slr_sizeInfoRef-ec-not-isolated.xlf":                       "xliff.slr-isolated",
	"modules-invalid/Bad-slr_sizeInfoRef-has-no-data-sib.xlf":                       "xliff.slr-size-info-ref",
	"modules-invalid/Bad-slr_sizeInfoRef-with-sizeInfo.xlf":                         "xliff.slr-size-info-ref",
	"modules-invalid/Bad-slr_sizeRestriction-patterns.xlf":                          "xliff.slr-size",
	"modules-invalid/Bad-slr_storageRestriction-patterns.xlf":                       "xliff.slr-storage",
	"modules-invalid/Bad-val_ExactlyOneAttributeOnRule.xlf":                         "xliff.val-rule",
	"modules-invalid/Bad-val_existsInSourcePatternOnRule.xlf":                       "xliff.val-exists-in-source",
	"modules-invalid/Bad-val_invalid-caseSensitive.xlf":                             "xliff.value",
	"modules-invalid/Bad-val_invalid-normalization.xlf":                             "xliff.value",
	"modules-invalid/Bad-val_invalid-occurs.xlf":                                    "xliff.value",
}
