package validate

import (
	"hexapla/pipeline/exchange/xliff/internal/ns"
	"strings"
)

// rule is one thing that a file must keep to: a stable id, and where the
// specification says it. Clauses are those of XLIFF 2.1 unless they name another
// version: change tracking is no module there. For 1.2 a clause is the element's or
// attribute's name, which is how that specification is ordered.
type rule struct{ id, clause string }

var (
	ruleRoot      = rule{"xliff.root", "4.2.2.1"}
	ruleVersion   = rule{"xliff.version", "4.3.1.42"}
	ruleElement   = rule{"xliff.element", "4.2"}
	ruleAttribute = rule{"xliff.attribute", "4.3"}
	ruleText      = rule{"xliff.text", "4.2"}
	ruleExtension = rule{"xliff.extension", "4.9.1"}

	ruleFileID    = rule{"xliff.dup-file-id", "4.3.1.21"}
	ruleGroupID   = rule{"xliff.dup-group-id", "4.3.1.21"}
	ruleUnitID    = rule{"xliff.dup-unit-id", "4.3.1.21"}
	ruleNoteID    = rule{"xliff.dup-note-id", "4.3.1.21"}
	ruleDataID    = rule{"xliff.dup-data-id", "4.3.1.21"}
	ruleID        = rule{"xliff.dup-id", "4.3.1.21"}
	ruleTargetID  = rule{"xliff.target-id", "4.3.1.21"}
	ruleExtID     = rule{"xliff.dup-extension-id", "4.9.2"}
	ruleSkeleton  = rule{"xliff.skeleton", "4.2.2.3"}
	ruleNoSegment = rule{"xliff.no-segment", "4.2.2.5"}
	ruleTrgLang   = rule{"xliff.no-trg-lang", "4.2.2.1"}
	ruleSource    = rule{"xliff.source-lang", "4.2.2.12"}
	ruleTarget    = rule{"xliff.target-lang", "4.2.2.13"}
	ruleSpace     = rule{"xliff.xml-space", "4.3.2.2"}
	ruleOrder     = rule{"xliff.order", "4.3.1.24"}
	ruleState     = rule{"xliff.state", "4.3.1.31"}
	ruleSubState  = rule{"xliff.sub-state", "4.3.1.35"}
	ruleSubType   = rule{"xliff.sub-type", "4.3.1.36"}
	ruleCopyOf    = rule{"xliff.copy-of", "4.7.2.4.1"}
	ruleDataRef   = rule{"xliff.data-ref", "4.3.1.9"}
	ruleDataStart = rule{"xliff.data-ref", "4.3.1.11"}
	ruleDataEnd   = rule{"xliff.data-ref", "4.3.1.10"}
	ruleIsolated  = rule{"xliff.isolated", "4.3.1.22"}
	ruleEndCode   = rule{"xliff.end-code", "4.2.3.5"}
	rulePair      = rule{"xliff.pair", "4.2.3.4"}
	ruleMarker    = rule{"xliff.marker", "4.2.3.8"}
	ruleTranslate = rule{"xliff.translate-annotation", "4.7.3.1.1"}
	ruleComment   = rule{"xliff.comment-annotation", "4.7.3.1.3"}
	ruleSubFlows  = rule{"xliff.sub-flows", "4.7.4"}
	ruleCP        = rule{"xliff.cp", "4.3.1.19"}
	ruleHints     = rule{"xliff.editing-hints", "4.7.2.6"}
	ruleDelete    = rule{"xliff.cannot-delete", "4.7.2.6"}
	ruleReorder   = rule{"xliff.reorder", "4.7.2.6"}
	ruleFragment  = rule{"xliff.fragment", "3"}

	ruleMatchID    = rule{"xliff.mtc-id", "5.1.6.1"}
	ruleMatchRef   = rule{"xliff.mtc-ref", "5.1.6.5"}
	ruleMatchType  = rule{"xliff.mtc-sub-type", "5.1.6.8"}
	ruleMatchLang  = rule{"xliff.mtc-lang", "5.1.5.3"}
	ruleGlossID    = rule{"xliff.gls-id", "5.2.5.1"}
	ruleGlossEntry = rule{"xliff.gls-entry", "5.2.4.3"}
	ruleGlossRef   = rule{"xliff.gls-ref", "5.2.5.2"}
	ruleFS         = rule{"xliff.fs", "5.3.5.1"}
	ruleSubFS      = rule{"xliff.fs-sub", "5.3.5.2"}
	ruleMetaID     = rule{"xliff.mda-id", "5.4.5.1"}
	ruleResID      = rule{"xliff.res-id", "5.5.4.4"}
	ruleResContent = rule{"xliff.res-content", "5.5.4.5"}
	ruleResLang    = rule{"xliff.res-lang", "5.5.4.5"}
	ruleResRef     = rule{"xliff.res-ref", "5.5.4.3"}
	ruleTrackRef   = rule{"xliff.ctr-ref", "2.0, 5.6.5.5"}
	ruleTrackApply = rule{"xliff.ctr-applies-to", "2.0, 5.6.4.3"}
	ruleTrackItem  = rule{"xliff.ctr-property", "2.0, 5.6.5.6"}
	ruleSizeInfo   = rule{"xliff.slr-size-info", "5.6.5.9"}
	ruleSizeRef    = rule{"xliff.slr-size-info-ref", "5.6.5.10"}
	ruleSize       = rule{"xliff.slr-size", "5.6.6.1"}
	ruleStorage    = rule{"xliff.slr-storage", "5.6.6.2"}
	ruleSizeEnd    = rule{"xliff.slr-isolated", "5.6.5.8"}
	ruleVal        = rule{"xliff.val-rule", "5.7.4.3"}
	ruleValSource  = rule{"xliff.val-exists-in-source", "5.7.5.6"}
	ruleValOccurs  = rule{"xliff.val-occurs", "5.7.5.5"}
	ruleValDisable = rule{"xliff.val-disabled", "5.7.5.9"}
)

// sections number the attributes of the core (4.3.1), in the order there.
var sections = strings.Fields("appliesTo canCopy canDelete canOverlap canReorder canResegment category copyOf dataRef dataRefEnd dataRefStart dir disp dispEnd " +
	"dispStart equiv equivEnd equivStart hex href id isolated name order original priority ref srcDir srcLang startRef state subFlows subFlowsEnd " +
	"subFlowsStart subState subType trgLang translate trgDir type value version")

// moduleClauses are the sections of the modules.
var moduleClauses = map[string]string{
	ns.MTC: "5.1", ns.GLS: "5.2", ns.FS: "5.3", ns.MDA: "5.4", ns.RES: "5.5", ns.SLR: "5.6", ns.VAL: "5.7", ns.ITS: "5.8", ns.ITM: "5.8", ns.PGS: "2.2, Plural, Gender, and Select Module", ns.CTR: "2.0, 5.6",
}

// in is the rule as it is for an element, which may be a module's.
func (r rule) in(n *node) rule {
	if c := moduleClauses[n.Space]; c != "" {
		r.clause = c
	}
	return r
}

// attributeClause is the section of an attribute.
func attributeClause(name string) string {
	switch name {
	case "xml:lang":
		return "4.3.2.1"
	case "xml:space":
		return "4.3.2.2"
	}
	for i, s := range sections {
		if s == name {
			return "4.3.1." + itoa(i+1)
		}
	}
	return "4.3"
}

func ruleRequired(n *node, name string) rule {
	return rule{"xliff.required", attributeClause(name)}.in(n)
}

func ruleValue(n *node, name string) rule { return rule{"xliff.value", attributeClause(name)}.in(n) }

// moduleRule is the rule of a module's attributes on core elements.
func moduleRule(space string) rule {
	if space == ns.FS {
		return ruleFS
	}
	return rule{"xliff.module-attribute", moduleClauses[space]}
}
