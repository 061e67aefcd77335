package console

import (
	"encoding/json"
	"strconv"
	"strings"

	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
	"hexapla/pipeline/edition"
)

// Size returns a number of bytes in a readable unit.
func (p Printer) Size(n int64) string {
	units := func(unit int64) Args {
		return Args{"Size": json.Number(strconv.FormatFloat(float64(n)/float64(unit), 'f', 1, 64))}
	}
	switch {
	case n < 1<<10:
		return p.Count("SizeBytes", int(n))
	case n < 1<<20:
		return p.Text("SizeKiB", units(1<<10))
	case n < 1<<30:
		return p.Text("SizeMiB", units(1<<20))
	}
	return p.Text("SizeGiB", units(1<<30))
}

// Origin returns the origin of a translation.
func (p Printer) Origin(o bitext.Origin) string {
	name := Args{"Name": o.Name}
	switch o.Kind {
	case bitext.FromHuman:
		return p.Text("OriginHuman", name)
	case bitext.FromEngine:
		return p.Text("OriginEngine", name)
	case bitext.FromCatalog:
		return p.Text("OriginCatalog", name)
	case bitext.FromSource:
		return p.Text("OriginSource", name)
	case bitext.FromImport:
		return p.Text("OriginImport", name)
	}
	return string(o.Kind) + " " + o.Name
}

// MatchBand returns the name of a band of matches.
func (p Printer) MatchBand(n pipeline.MatchBand) string {
	switch n {
	case pipeline.BandDone:
		return p.Text("NeedDone")
	case pipeline.BandRepeat:
		return p.Text("NeedRepeat")
	case pipeline.BandInContext:
		return p.Text("NeedInContext")
	case pipeline.BandExact:
		return p.Text("NeedExact")
	case pipeline.BandFuzzy95:
		return p.Text("NeedFuzzy95")
	case pipeline.BandFuzzy85:
		return p.Text("NeedFuzzy85")
	case pipeline.BandFuzzy75:
		return p.Text("NeedFuzzy75")
	case pipeline.BandFuzzyLow:
		return p.Text("NeedFuzzyLow")
	case pipeline.BandMT:
		return p.Text("NeedMT")
	case pipeline.BandNew:
		return p.Text("NeedNew")
	}
	return string(n)
}

// Verdict returns the name of a verdict on an imported segment.
func (p Printer) Verdict(v pipeline.Verdict) string {
	switch v {
	case pipeline.Accepted:
		return p.Text("VerdictAccepted")
	case pipeline.Unchanged:
		return p.Text("VerdictUnchanged")
	case pipeline.NoTarget:
		return p.Text("VerdictNoTarget")
	case pipeline.Moved:
		return p.Text("VerdictMoved")
	case pipeline.Kept:
		return p.Text("VerdictKept")
	}
	return string(v)
}

// State returns the name of a translation state.
func (p Printer) State(s bitext.State) string {
	switch s {
	case bitext.Initial:
		return p.Text("StateInitial")
	case bitext.Translated:
		return p.Text("StateTranslated")
	case bitext.Reviewed:
		return p.Text("StateReviewed")
	case bitext.Final:
		return p.Text("StateFinal")
	}
	return s.String()
}

// Reason returns why an edition is not published. In English it is the text of
// edition.Reason.String.
func (p Printer) Reason(r edition.Reason) string {
	args := Args{"Number": r.Number, "Of": r.Of, "Units": strings.Join(r.Units, ", ")}
	switch r.Code {
	case edition.ReasonEmpty:
		return p.Text("ReasonEmpty")
	case edition.ReasonRequired:
		return p.Text("ReasonRequiredUnits", args)
	case edition.ReasonThreshold:
		return p.Text("ReasonThresholdWords", args)
	case edition.ReasonMissing:
		return p.Text("ReasonMissingSegments", args)
	case edition.ReasonErrors:
		return p.Text("ReasonErrorsFound", args)
	case edition.ReasonScheduled:
		return p.Text("ReasonScheduledAt", args)
	case edition.ReasonExpired:
		return p.Text("ReasonExpiredAt", args)
	case edition.ReasonTogether:
		return p.Text("ReasonTogetherWith", args)
	case edition.ReasonDate:
		return p.Text("ReasonDate")
	}
	return r.String()
}

// Step returns what to do next about an edition. In English it begins as
// edition.Step.String does.
func (p Printer) Step(code string) string {
	switch code {
	case edition.StepBuild:
		return p.Text("StepBuild")
	case edition.StepTranslate, edition.StepUpdate:
		return p.Text("StepTranslate")
	case edition.StepCorrect:
		return p.Text("StepCorrect")
	case edition.StepReview:
		return p.Text("StepReview")
	case edition.StepWait:
		return p.Text("StepWait")
	case edition.StepAdopt:
		return p.Text("StepAdopt")
	}
	return code
}

// AcceptStep returns when the command Step.Accept is what to do.
func (p Printer) AcceptStep() string { return p.Text("StepAccept") }
