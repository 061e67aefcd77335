package deploy

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"hexapla/pipeline/hook/service"
)

// Target is a place in a bucket of object storage.
type Target struct {
	Bucket string
	Prefix string // of all keys; empty, or with / at its end
	Region string
	Host   string // of the service, with its port
	Secure bool
}

// ParseTarget reads an address such as
//
//	s3://bucket/prefix?endpoint=https://storage.example&region=eu-central-1
//
// The endpoint is that of Amazon without one. An address with a key in it is an error,
// and so is an endpoint without encryption on another machine.
func ParseTarget(address string) (Target, error) {
	u, err := url.Parse(address)
	if err != nil {
		return Target{}, errors.New("it is not an address such as s3://BUCKET/FOLDER?region=REGION")
	}
	switch {
	case u.Scheme != "s3" || u.Host == "" || u.Opaque != "":
		return Target{}, errors.New("it must begin with s3://BUCKET")
	case u.User != nil:
		return Target{}, errors.New("it must not have a key: keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or from ~/.aws/credentials")
	case u.Fragment != "":
		return Target{}, errors.New("it must not have a part behind #")
	}
	t := Target{Bucket: u.Host, Region: "us-east-1", Host: "s3.amazonaws.com", Secure: true}
	if p := strings.Trim(u.Path, "/"); p != "" {
		t.Prefix = p + "/"
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return Target{}, err
	}
	for key, values := range query {
		value := values[len(values)-1]
		switch key {
		case "region":
			t.Region = value
		case "endpoint":
			if err := service.CheckURL(value, true); err != nil {
				return Target{}, fmt.Errorf("endpoint: %w", err)
			}
			e, err := url.Parse(value)
			if err != nil || strings.Trim(e.Path, "/") != "" {
				return Target{}, errors.New("endpoint: it must be https://HOST")
			}
			t.Host, t.Secure = e.Host, e.Scheme == "https"
		default:
			return Target{}, fmt.Errorf("unknown option %q: must be one of endpoint, region", key)
		}
	}
	return t, nil
}

// String returns the address of the target, without its options.
func (t Target) String() string { return "s3://" + t.Bucket + "/" + t.Prefix }
