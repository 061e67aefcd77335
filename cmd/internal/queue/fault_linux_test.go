package queue

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// faketime is the library that gives a program another time (Debian: faketime).
const faketime = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"

// newWorldBehind makes a world whose server has the time of two hours ago.
func newWorldBehind(t *testing.T) *world {
	if _, err := os.Stat(faketime); err != nil {
		require(t, "faketime is not installed")
	}
	for name, value := range map[string]string{"LD_PRELOAD": faketime, "FAKETIME": "-2h", "FAKETIME_DONT_FAKE_MONOTONIC": "1"} {
		t.Setenv(name, value)
	}
	w := newWorld(t, "127.0.0.1")
	os.Unsetenv("LD_PRELOAD") // only the server's
	return w
}

// require skips a test for what is absent, or fails it where all must be there.
func require(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("HEXAPLA_REQUIRE_ENGINES") != "" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// disk mounts a file system of some megabytes in memory on a folder, and returns a
// function that makes it full for a time.
func disk(t *testing.T, dir string, megabytes int) (fill func(time.Duration)) {
	t.Helper()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dm", megabytes)); err != nil {
		t.Skipf("no file system can be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return func(d time.Duration) {
		name := filepath.Join(dir, ".ballast")
		f, err := os.Create(name)
		if err != nil {
			t.Error(err)
			return
		}
		for size := 1 << 20; size >= 4096; size /= 2 {
			for {
				if _, err := f.Write(make([]byte, size)); errors.Is(err, syscall.ENOSPC) {
					break
				} else if err != nil {
					t.Error(err)
					return
				}
			}
		}
		time.Sleep(d)
		if err := errors.Join(f.Close(), os.Remove(name)); err != nil {
			t.Error(err)
		}
	}
}

// fullServer lets the disk with the tables of the database be full.
func fullServer(t *testing.T, name string, times int) row {
	dir := t.TempDir()
	fill := disk(t, dir, 96)
	w := newWorld(t, "127.0.0.1")
	// The folder must be that of the user whom the server runs as, as its socket is.
	info, err := os.Stat(filepath.Dir(w.server.Socket()))
	if err != nil {
		t.Fatal(err)
	}
	tables := filepath.Join(dir, "tables")
	if err := os.Mkdir(tables, 0o777); err != nil {
		t.Fatal(err)
	}
	if owner, ok := info.Sys().(*syscall.Stat_t); !ok {
		t.Fatal("a file has no owner")
	} else if err := os.Chown(tables, int(owner.Uid), int(owner.Gid)); err != nil {
		t.Fatal(err)
	}
	for parent := dir; parent != os.TempDir() && parent != "/"; parent = filepath.Dir(parent) {
		if err := os.Chmod(parent, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	w.server.Exec(t, "postgres", "CREATE TABLESPACE small LOCATION '"+tables+"'")
	w.server.Exec(t, "postgres", "ALTER DATABASE "+databaseOf(w.through)+" SET TABLESPACE small")
	w.start()
	return w.endure(name, times, time.Second, func() { fill(3 * time.Second) })
}

// fullLog lets the disk with the write-ahead log of the database be full: the server ends,
// and is started again by a manager of services until there is room.
func fullLog(t *testing.T, name string, times int) row {
	dir := t.TempDir()
	fill := disk(t, dir, 160)
	w := newWorld(t, "127.0.0.1", "min_wal_size = 32MB", "max_wal_size = 64MB")
	for parent := dir; parent != os.TempDir() && parent != "/"; parent = filepath.Dir(parent) {
		if err := os.Chmod(parent, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	log := filepath.Join(dir, "log")
	if err := errors.Join(os.Mkdir(log, 0o700), w.server.MoveLog(log)); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	var manager sync.WaitGroup
	var revived atomic.Int64
	manager.Go(func() {
		for ctx.Err() == nil {
			time.Sleep(200 * time.Millisecond)
			select {
			case <-w.server.Ended():
				revived.Add(1)
			default:
			}
			_ = w.server.Revive() // it fails as long as there is no room
		}
	})
	end := sync.OnceFunc(func() {
		stop()
		manager.Wait()
	})
	t.Cleanup(end)
	w.start()
	r := w.endure(name, times, time.Second, func() {
		for before := revived.Load(); revived.Load() == before && ctx.Err() == nil; { // until it has ended
			full := make(chan struct{})
			go func() {
				defer close(full)
				fill(4 * time.Second)
			}()
			for range 8 { // the next files of the log
				time.Sleep(300 * time.Millisecond)
				limit, cancel := context.WithTimeout(ctx, time.Second)
				_, _ = w.engine.database.Exec(limit, "SELECT pg_logical_emit_message(true, 'test', 'x'), pg_switch_wal()")
				cancel()
			}
			<-full
		}
	})
	end()
	return r
}

// fullProject lets the disk with the project and its editions be full.
func fullProject(t *testing.T, name string, times int) row {
	w := newWorld(t, "127.0.0.1")
	data, err := os.ReadFile(filepath.Join(w.many, "hexapla.toml"))
	if err != nil {
		t.Fatal(err)
	}
	fill := disk(t, w.many, 16)
	if err := os.Mkdir(filepath.Join(w.many, "articles"), 0o777); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(w.many, "hexapla.toml"), string(data))
	w.start()
	return w.endure(name, times, time.Second, func() { fill(3 * time.Second) })
}

// partition has two of the workers on a host of their own, a network namespace, and cuts
// the cable between it and the host of the server and the service.
func partition(t *testing.T, name string, times int) row {
	space := fmt.Sprintf("hexapla%d", os.Getpid())
	cable := fmt.Sprintf("hx%d", os.Getpid())
	const here, there = "10.231.77.1", "10.231.77.2"
	ip := func(args string) error {
		out, err := exec.Command("ip", strings.Fields(args)...).CombinedOutput()
		if err != nil {
			return fmt.Errorf("ip %s: %w: %s", args, err, out)
		}
		return nil
	}
	if err := ip("netns add " + space); err != nil {
		t.Skipf("no network namespace can be made here: %v", err)
	}
	t.Cleanup(func() { _ = ip("netns del " + space) })
	for _, args := range []string{
		"link add " + cable + " type veth peer name there netns " + space,
		"addr add " + here + "/30 dev " + cable, "link set " + cable + " up",
		"-n " + space + " addr add " + there + "/30 dev there", "-n " + space + " link set there up", "-n " + space + " link set lo up",
	} {
		if err := ip(args); err != nil {
			t.Fatal(err)
		}
	}
	w := newWorld(t, here, "listen_addresses = '"+here+"'")
	db := databaseOf(w.through)
	w.server.Exec(t, "postgres", "COPY (SELECT 'host all all "+here+"/30 trust') TO PROGRAM 'cat >> pg_hba.conf'; SELECT pg_reload_conf()")
	data, err := os.ReadFile(filepath.Join(w.many, "hexapla.toml"))
	if err != nil {
		t.Fatal(err)
	}
	url := "postgres://hexapla@" + here + ":5432/" + db
	write(t, filepath.Join(w.many, "hexapla.toml"), strings.Replace(string(data), w.through, url, 1))
	w.through = url
	w.queue = openQueue(t, w.server.URL(db))
	for i := range 3 {
		p := &process{}
		if i > 0 {
			p.prefix = []string{"ip", "netns", "exec", space}
		}
		w.workers = append(w.workers, startProcess(t, w.many, url, p))
	}
	return w.endure(name, times, time.Second, func() {
		if err := ip("link set " + cable + " down"); err != nil {
			t.Error(err)
		}
		time.Sleep(15 * time.Second)
		if err := ip("link set " + cable + " up"); err != nil {
			t.Error(err)
		}
	})
}
