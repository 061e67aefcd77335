package catalogdir

import (
	"path"
	"path/filepath"

	"hexapla/locales/catalog"
)

// Sources returns the source messages of several folders in one set, for code that uses
// them all, with paths from the current folder. Where two have a message of one id, the
// first counts.
func Sources(dirs []*Dir) *catalog.Set {
	all := &catalog.Set{Source: dirs[0].Source, Catalogs: map[string]*catalog.Catalog{}}
	out := &catalog.Catalog{Locale: all.Source, Messages: map[string]*catalog.Message{}}
	for _, d := range dirs {
		set, _ := d.Parse()
		source := set.Catalogs[set.Source]
		if source == nil {
			continue
		}
		all.Catalogs[all.Source] = out
		out.Unreadable = out.Unreadable || source.Unreadable
		for _, name := range source.Paths {
			out.Paths = append(out.Paths, path.Join(filepath.ToSlash(d.Name), name))
		}
		for _, id := range source.IDs {
			if out.Messages[id] != nil {
				continue
			}
			m := *source.Messages[id]
			m.Path = path.Join(filepath.ToSlash(d.Name), m.Path)
			out.Messages[id] = &m
			out.IDs = append(out.IDs, id)
		}
	}
	return all
}
