package markdown
import ("testing";"os";"fmt";"strings")
func TestShow(t *testing.T){ if os.Getenv("SHOW")=="" { t.Skip("no SHOW") }
 data,_:=os.ReadFile(os.Getenv("SHOW")); d,ds:=new(Format).Split(os.Getenv("SHOW"),data)
 for i:= range d.Units { u:=&d.Units[i]; h:=d.Skeleton.Holes[i]; fmt.Printf("%s [%s] %s %q", u.Kind, h.Context, u.ID, u.Source.Tagged()); for _,c:=range u.Source.Codes { fmt.Printf(" {%s %s %q %v}",c.Kind,c.ID,c.Data,strings.Join(c.Subflows,",")) }; fmt.Println() }
 fmt.Println(ds, d.Meta, d.Skeleton.Slots)
 out,_ := new(Format).Assemble(d,nil,nil); if string(out)!=string(data) { t.Error("differs") } }
