package queue

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hexapla/cmd/internal/deploy"
	"hexapla/cmd/internal/deploy/deploytest"
	"hexapla/cmd/internal/rootfs"
	"hexapla/pipeline/memory/postgres/postgrestest"
)

// Articles that are in object storage are read by the worker that has the build. The
// others get them with their jobs: their folders have none.
func TestSources(t *testing.T) {
	storage := deploytest.Start(t)
	t.Setenv("AWS_ACCESS_KEY_ID", deploytest.AccessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", deploytest.SecretKey)
	url := postgrestest.Start(t).Database(t)
	one, many, other := project(t, "", 12), project(t, url, 12), filepath.Join(t.TempDir(), "other")
	address := "s3://" + deploytest.Bucket + "/desk?endpoint=" + storage.Address
	target, err := deploy.ParseTarget(address)
	if err != nil {
		t.Fatal(err)
	}
	bucket := t.TempDir()
	if err := os.CopyFS(filepath.Join(bucket, "articles"), os.DirFS(filepath.Join(many, "articles"))); err != nil {
		t.Fatal(err)
	}
	dir, err := rootfs.Open(bucket)
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	if _, err := deploy.Upload(t.Context(), dir, target, deploy.Options{Now: time.Now()}); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(many, "articles")); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(many, "hexapla.toml"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(many, "hexapla.toml"), strings.Replace(string(data), "[memory]", "[sources]\nurl = \""+address+"\"\n\n[memory]", 1))
	if err := os.CopyFS(other, os.DirFS(many)); err != nil {
		t.Fatal(err)
	}
	log, _ := startWorkers(t, url, 1, WorkOptions{Dir: many, Queues: []string{BuildQueue}})
	startWorkers(t, url, 1, WorkOptions{Dir: other, Queues: []string{ArticleQueue}})
	want := alone(t, one)
	j := submit(t, openQueue(t, url), BuildArgs{})
	if j.State != "completed" || j.Outcome == nil || j.Outcome.Summary == nil || j.Outcome.Summary.Written != want.Written {
		t.Fatalf("%+v\n%s", j, log)
	}
	if d := cmp.Diff(files(t, filepath.Join(one, "editions")), files(t, filepath.Join(many, "editions"))); d != "" {
		t.Errorf("(-from a folder +from storage):\n%s\n%s", d, log)
	}
	if _, err := os.Stat(filepath.Join(other, "articles")); err == nil {
		t.Error("a worker that only builds articles has a copy of them all")
	}
}
