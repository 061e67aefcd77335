package deploy

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// indexName is the name of the index below the prefix of a target. It is hidden, as are
// the names of files that are not deployed.
const indexName = ".hexapla-deploy.json"

// indexVersion is the version of the form of the index.
const indexVersion = 1

// maxObject is the size in bytes up to which an object is read.
const maxObject = 1 << 30

// index has the files that a target has from here.
type index struct {
	Version int             `json:"version"`
	Files   map[string]file `json:"files"`
}

// file is what is known of a file of a target. By is the deployment that was about to
// replace or remove it when it wrote the index, At when that was, and Next the hash of
// the new file: then the object may be the one or the other. Without ETag there was none.
type file struct {
	SHA256 string    `json:"sha256,omitempty"`
	ETag   string    `json:"etag,omitempty"`
	Next   string    `json:"next,omitempty"`
	By     string    `json:"by,omitempty"`
	At     time.Time `json:"at,omitzero"`

	listed bool // there is an object with this ETag
}

// has reports whether a file may have a hash.
func (f file) has(sum string) bool { return sum != "" && (sum == f.SHA256 || sum == f.Next) }

// errChanged is the error of a write whose object was changed by another program since
// it was looked at.
var errChanged = errors.New("another program changed it at the same time")

// bucket is a target that is open.
type bucket struct {
	Target
	client *minio.Client
	cache  string // Cache-Control of pages
}

// open returns a bucket, and checks nothing yet. The keys are those of the environment or
// of ~/.aws/credentials.
func open(t Target, version string) (*bucket, error) {
	c, err := minio.New(t.Host, &minio.Options{
		Creds:  credentials.NewChainCredentials([]credentials.Provider{&credentials.EnvAWS{}, &credentials.FileAWSCredentials{}}),
		Secure: t.Secure, Region: t.Region, MaxRetries: 5,
	})
	if err != nil {
		return nil, err
	}
	if v, err := c.GetCreds(); err != nil || v.AccessKeyID == "" {
		return nil, errors.New("there is no key: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write ~/.aws/credentials")
	}
	c.SetAppInfo("hexapla", version)
	return &bucket{Target: t, client: c}, nil
}

// fail returns an error with the name of an object.
func (b *bucket) fail(name string, err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	switch r := minio.ToErrorResponse(err); {
	case r.Code == minio.PreconditionFailed, r.StatusCode == http.StatusConflict:
		return fmt.Errorf("%s%s: %w", b.Target, name, errChanged)
	case r.StatusCode == http.StatusNotImplemented:
		return fmt.Errorf("%s%s: the service has no conditional writes (If-Match), without which two machines could overwrite each other's pages", b.Target, name)
	}
	return fmt.Errorf("%s%s: %w", b.Target, name, err)
}

// absent reports whether an error is that there is no such object.
func absent(err error) bool {
	code := minio.ToErrorResponse(err).Code
	return code == minio.NoSuchKey || code == "NotFound"
}

// each calls f with the path and the ETag of each object below the prefix, a page of them
// in memory at a time.
func (b *bucket) each(ctx context.Context, f func(name, etag string)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends the listing after an error
	for o := range b.client.ListObjects(ctx, b.Bucket, minio.ListObjectsOptions{Prefix: b.Prefix, Recursive: true}) {
		if o.Err != nil {
			return b.fail("", o.Err)
		}
		f(strings.TrimPrefix(o.Key, b.Prefix), o.ETag)
	}
	return ctx.Err()
}

// objectTags are the ETags of the objects of a target. Most objects are as the index has them:
// of the others only those are kept that the index or the folder has, too.
type objectTags struct {
	index *index
	other map[string]string // by path
}

// tags lists the objects.
func (b *bucket) tags(ctx context.Context, idx *index, local map[string]string) (objectTags, error) {
	t := objectTags{idx, map[string]string{}}
	err := b.each(ctx, func(name, etag string) {
		f, known := idx.Files[name]
		if known && f.ETag == etag {
			f.listed = true
			idx.Files[name] = f
		} else if _, here := local[name]; known || here {
			t.other[name] = etag
		}
	})
	return t, err
}

// of returns the ETag of an object; ok is false if there is none. A write replaces what the
// index has, so that it is asked before.
func (t objectTags) of(name string) (etag string, ok bool) {
	if f := t.index.Files[name]; f.listed {
		return f.ETag, true
	}
	etag, ok = t.other[name]
	return etag, ok
}

// read returns an object and its ETag; ok is false if there is none.
func (b *bucket) read(ctx context.Context, name string) (data []byte, etag string, ok bool, err error) {
	o, err := b.client.GetObject(ctx, b.Bucket, b.Prefix+name, minio.GetObjectOptions{})
	if err != nil {
		return nil, "", false, b.fail(name, err)
	}
	defer o.Close()
	info, err := o.Stat()
	if absent(err) {
		return nil, "", false, nil
	}
	if err == nil && info.Size > maxObject {
		err = fmt.Errorf("it is larger than the limit of %d bytes", maxObject)
	}
	if err == nil {
		data, err = io.ReadAll(io.LimitReader(o, maxObject))
	}
	if err != nil {
		return nil, "", false, b.fail(name, err)
	}
	return data, info.ETag, true, nil
}

// copyTo copies an object and returns its hash; ok is false if there is none.
func (b *bucket) copyTo(ctx context.Context, name string, w io.Writer) (sum string, ok bool, err error) {
	o, err := b.client.GetObject(ctx, b.Bucket, b.Prefix+name, minio.GetObjectOptions{})
	if err != nil {
		return "", false, b.fail(name, err)
	}
	defer o.Close()
	h := sha256.New()
	_, err = io.Copy(io.MultiWriter(w, h), io.LimitReader(o, maxObject))
	if absent(err) {
		return "", false, nil
	}
	return hex.EncodeToString(h.Sum(nil)), err == nil, b.fail(name, err)
}

// write writes an object in place of the one with an ETag, or, if that is empty, where
// none is. It returns the new ETag.
func (b *bucket) write(ctx context.Context, name string, data []byte, old string) (etag string, err error) {
	o := minio.PutObjectOptions{ContentType: contentType(name, data), DisableMultipart: true}
	if name == indexName {
		o.CacheControl = "no-cache"
	} else {
		o.CacheControl = b.cache
	}
	if old == "" {
		o.SetMatchETagExcept("*")
	} else {
		o.SetMatchETag(old)
	}
	info, err := b.client.PutObject(ctx, b.Bucket, b.Prefix+name, bytes.NewReader(data), int64(len(data)), o)
	return info.ETag, b.fail(name, err)
}

// remove removes an object.
func (b *bucket) remove(ctx context.Context, name string) error {
	return b.fail(name, b.client.RemoveObject(ctx, b.Bucket, b.Prefix+name, minio.RemoveObjectOptions{}))
}

// readIndex returns the index and its ETag, which is empty if there is none.
func (b *bucket) readIndex(ctx context.Context) (*index, string, error) {
	data, etag, ok, err := b.read(ctx, indexName)
	if err != nil || !ok {
		return &index{Version: indexVersion, Files: map[string]file{}}, "", err
	}
	i := &index{}
	if err := json.Unmarshal(data, i); err != nil || i.Version != indexVersion || i.Files == nil {
		return nil, "", fmt.Errorf("%s%s: it is damaged, or of another release of the program; restore it, or remove it and deploy with --overwrite", b.Target, indexName)
	}
	return i, etag, nil
}

// writeIndex writes the index in place of the one with an ETag.
func (b *bucket) writeIndex(ctx context.Context, i *index, old string) (etag string, err error) {
	data, err := json.Marshal(i)
	if err != nil {
		return "", err
	}
	return b.write(ctx, indexName, append(data, '\n'), old)
}
