package crawl

import (
	"cmp"
	"net/url"
	"path"
	"slices"
	"strings"

	"hexapla/pipeline/bitext"
)

// mount is an address, with a slash at its end, and the folder that it is the address
// of: "" for the whole folder, else with a slash at its end.
type mount struct{ address, folder string }

// inferMounts returns the addresses of folders. Those of base are certain; else the
// canonical links of pages vote for them: the part that such a link has in common with
// the path of its page is left out on both sides.
func inferMounts(pages []page, base string) []mount {
	if base != "" {
		return []mount{{addressKey(strings.TrimSuffix(base, "/") + "/"), ""}}
	}
	votes := map[mount]int{}
	for i := range pages {
		p := &pages[i]
		if m, ok := mountOf(p.file, p.canonicalURL); ok {
			votes[m]++
		}
	}
	all := make([]mount, 0, len(votes))
	for m := range votes {
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b mount) int {
		return cmp.Or(votes[b]-votes[a], len(a.folder)-len(b.folder), strings.Compare(a.address, b.address))
	})
	var out []mount
	for _, m := range all {
		// What an accepted address covers can have no other folder; nor can a folder
		// have two addresses.
		if !slices.ContainsFunc(out, func(o mount) bool {
			return strings.HasPrefix(m.address, o.address) || strings.HasPrefix(o.address, m.address) || o.folder == m.folder
		}) {
			out = append(out, m)
		}
	}
	slices.SortFunc(out, nearestFirst)
	return out
}

// mountOf returns the mount by which a page has a canonical address.
func mountOf(file, canonical string) (mount, bool) {
	u, err := url.Parse(canonical)
	if err != nil || u.Host == "" || canonical == "" {
		return mount{}, false
	}
	dir, name := path.Split(file)
	names := []string{name, strings.TrimSuffix(name, path.Ext(name))}
	if strings.TrimSuffix(name, path.Ext(name)) == "index" {
		names = append(names, "")
	}
	for _, n := range names {
		urlDir, ok := strings.CutSuffix(u.Path, "/"+n)
		if n == "" {
			urlDir, ok = strings.CutSuffix(u.Path, "/")
		}
		if !ok {
			continue
		}
		folder, urlDir := dir, urlDir+"/"
		for folder != "" {
			last := path.Base(folder) + "/"
			cut, ok := strings.CutSuffix(urlDir, "/"+last)
			if !ok {
				break
			}
			folder, urlDir = strings.TrimSuffix(folder, last), cut+"/"
		}
		m := mount{addressKey(u.Scheme + "://" + u.Host + urlDir), folder}
		return m, true
	}
	return mount{}, false
}

// addressKey returns an address without what two addresses of one page may differ in:
// scheme, case of the host, a port that goes without saying.
func addressKey(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return key(u)
}

func key(u *url.URL) string {
	return "//" + bitext.HostKey(u.Host) + u.Path
}

// locate returns the path in the folder that an address on a page has, and its
// fragment. internal is false for an address elsewhere.
func (c *crawler) locate(p *page, address string) (name, fragment string, internal bool) {
	if name, fragment, ok := c.locatePlain(p, address); ok {
		return name, fragment, true
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https" || u.Opaque != "" {
		return "", "", false
	}
	fragment = u.Fragment
	if p.document != nil && p.base != "" && address != "" {
		if b, err := url.Parse(p.base); err == nil {
			if b.Host == "" {
				b = c.addressOf(p).ResolveReference(b)
			}
			u = b.ResolveReference(u)
		}
	}
	if u.Host == "" {
		u = c.addressOf(p).ResolveReference(u)
	}
	if u.Host == unknownHost {
		return strings.TrimPrefix(cleanPath(u.Path), "/"), fragment, true
	}
	k := key(&url.URL{Host: u.Host, Path: cleanPath(u.Path)})
	for _, m := range c.mounts {
		if rest, ok := strings.CutPrefix(k, m.address); ok {
			return m.folder + rest, fragment, true
		}
		if k+"/" == m.address {
			return m.folder, fragment, true
		}
	}
	return "", "", false
}

// locatePlain is locate for addresses that are written in the plainest way, as nearly
// all are; ok is false for any other.
func (c *crawler) locatePlain(p *page, address string) (name, fragment string, ok bool) {
	address, fragment, _ = strings.Cut(address, "#")
	if address == "" || strings.ContainsAny(address, "%?\\ \t\n\r;") || strings.Contains(fragment, "%") || strings.Contains(address, "/.") || strings.Contains(address[1:], "//") && !strings.HasPrefix(address, "http") {
		return "", "", false
	}
	rest, absolute := strings.CutPrefix(address, "https:")
	if !absolute {
		rest, absolute = strings.CutPrefix(address, "http:")
	}
	if absolute {
		if len(rest) < 3 || strings.Contains(rest[2:], "//") {
			return "", "", false
		}
		for _, m := range c.mounts {
			if path, ok := strings.CutPrefix(rest, m.address); ok {
				return m.folder + path, fragment, true
			}
		}
		return "", "", false
	}
	if p.document == nil || p.base != "" || strings.Contains(address, ":") || address[0] == '/' || address[0] == '.' {
		return "", "", false
	}
	return p.file[:strings.LastIndexByte(p.file, '/')+1] + address, fragment, true
}

// unknownHost is the host of pages whose address is not known (RFC 2606).
const unknownHost = "unknown.invalid"

// addressOf returns the address of a page by its file.
func (c *crawler) addressOf(p *page) *url.URL {
	var best mount
	found := false
	for _, m := range c.mounts {
		if strings.HasPrefix(p.file, m.folder) && (!found || len(m.folder) > len(best.folder)) {
			best, found = m, true
		}
	}
	if !found {
		return &url.URL{Scheme: "https", Host: unknownHost, Path: "/" + p.file}
	}
	host, dir, _ := strings.Cut(strings.TrimPrefix(best.address, "//"), "/")
	return &url.URL{Scheme: "https", Host: host, Path: "/" + dir + strings.TrimPrefix(p.file, best.folder)}
}

// cleanPath removes the dots of a path (RFC 3986, 5.2.4) and keeps a slash at its end.
func cleanPath(p string) string {
	if p == "" {
		return "/"
	}
	clean := path.Clean("/" + p)
	if strings.HasSuffix(p, "/") && clean != "/" {
		clean += "/"
	}
	return clean
}
