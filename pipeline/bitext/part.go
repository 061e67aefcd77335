package bitext

// Part is a document of another format inside a document: the HTML in a field of a
// JSON file, a file of a package. Name is what the document calls it: a JSON
// pointer, a path. Start and End are where its bytes are in the data of the
// document, encoded as they are there; both are 0 for one that is packed. From and To are its units in Document.Units.
// Skeleton is the part's own; its spans number the units from From.
type Part struct {
	Name       string
	Format     string
	Start, End int
	From, To   int
	Skeleton   Skeleton
}

// AddPart adds a document as a part, with its units. The units get identities from
// ids that begin with the part's name, for those of two parts may be the same.
func (d *Document) AddPart(ids *IDs, p Part, part *Document) {
	p.From = len(d.Units)
	renamed := make(map[string]string, len(part.Units))
	for i := range part.Units {
		u := part.Units[i]
		renamed[u.ID] = ids.Named(p.Name + "." + u.ID)
		u.ID = renamed[u.ID]
		d.Units = append(d.Units, u)
	}
	p.To = len(d.Units)
	for i := p.From; i < p.To; i++ {
		codes := d.Units[i].Source.Codes
		for j := range codes {
			for k, sub := range codes[j].Subflows {
				codes[j].Subflows[k] = renamed[sub]
			}
		}
	}
	p.Skeleton = part.Skeleton
	d.Skeleton.Parts = append(d.Skeleton.Parts, p)
}

// Part returns part i as a document of its own. It shares its units with d.
func (d *Document) Part(i int) *Document {
	p := &d.Skeleton.Parts[i]
	return &Document{Path: d.Path, Format: p.Format, Locale: d.Locale, Skeleton: p.Skeleton, Units: d.Units[p.From:p.To:p.To]}
}

// Part returns the translation of part i of the document. It shares its targets
// with t.
func (t *Translation) Part(i int) *Translation {
	p := &t.Document.Skeleton.Parts[i]
	return &Translation{Document: t.Document.Part(i), Locale: t.Locale, Targets: t.Targets[p.From:p.To:p.To]}
}
