package tbx_test

import (
	"fmt"
	"strings"

	"hexapla/glossary/tbx"
)

func Example() {
	const file = `<tbx type="TBX-Basic" style="dca" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2"><text><body>
<conceptEntry id="c1">
 <langSec xml:lang="en"><termSec><term>river</term></termSec></langSec>
 <langSec xml:lang="uk"><termSec><term>річка</term></termSec><termSec><term>рєчка</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></termSec></langSec>
</conceptEntry></body></text></tbx>`
	g, findings := tbx.Decode("a.tbx", strings.NewReader(file))
	for _, c := range g.Concepts {
		for _, t := range c.Terms {
			fmt.Println(c.ID, t.Locale, t.Text, t.Status)
		}
	}
	fmt.Println(len(findings), "findings")
	// Output:
	// c1 en river preferred
	// c1 uk річка preferred
	// c1 uk рєчка deprecated
	// 0 findings
}
