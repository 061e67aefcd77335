package console

import (
	"encoding/json"
	"strconv"

	"hexapla/pipeline"
	"hexapla/pipeline/bitext"
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
