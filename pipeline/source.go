package pipeline

import (
	"fmt"

	"hexapla/pipeline/bitext"
	"hexapla/pipeline/diag"
)

// OpenSource reads and splits an article. Of one that cannot be read, or of which
// nothing can be split, the error says why.
func (p *Project) OpenSource(a Source) (*bitext.Document, error) {
	data, err := a.Read()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", a.Path, err)
	}
	d, ds := p.Open(a.Path, "", "", data)
	if worst, any := diag.MaxSeverity(ds); any && worst == diag.Error && len(d.Units) == 0 {
		return nil, ds[0]
	}
	return d, nil
}
