package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"pinhuo/freight"
	"pinhuo/internal/blobs"
	"pinhuo/internal/photos"
)

// blobbing is where a command finds the pictures that rows point to.
type blobbing struct {
	Blobs string `help:"Folder of the pictures of proofs; the folder blobs beside the embedded database when empty." env:"PINHUO_BLOBS" type:"path"`
}

func (b blobbing) folder(data string) string {
	if b.Blobs != "" {
		return b.Blobs
	}
	return filepath.Join(data, "blobs")
}

// pictures reads and keeps pictures, few at a time: one that is being read may take
// 200 MB.
type pictures struct {
	blobs *blobs.Store
	turns chan struct{}
}

// readAtOnce is how many pictures are read at a time.
const readAtOnce = 2

func (b blobbing) pictures(data string) (pictures, error) {
	if data == "" && b.Blobs == "" {
		return pictures{}, errors.New("--blobs (PINHUO_BLOBS) is empty, and so is --data (PINHUO_DATA): name the folder of the pictures")
	}
	kept, err := blobs.Open(b.folder(data))
	if err != nil {
		return pictures{}, fmt.Errorf("--blobs (PINHUO_BLOBS): %w", err)
	}
	return pictures{kept, make(chan struct{}, readAtOnce)}, nil
}

// Clean reads a picture.
func (p pictures) Clean(ctx context.Context, raw []byte, zone *time.Location) ([]byte, freight.Picture, error) {
	select {
	case p.turns <- struct{}{}:
		defer func() { <-p.turns }()
	case <-ctx.Done():
		return nil, freight.Picture{}, ctx.Err()
	}
	clean, err := photos.Clean(raw)
	if err != nil {
		return nil, freight.Picture{}, err
	}
	return clean.JPEG, freight.Picture{Blob: freight.DigestOf(clean.JPEG), Bytes: int64(len(clean.JPEG)), Width: clean.Width, Height: clean.Height,
		Taken: clean.Facts.At(zone), Point: clean.Facts.Point}, nil
}

// Keep brings a content to the disk.
func (p pictures) Keep(ctx context.Context, content []byte) error {
	_, err := p.blobs.Put(ctx, content)
	return err
}

// Open returns a content that was kept.
func (p pictures) Open(ctx context.Context, blob freight.Digest) ([]byte, error) {
	return p.blobs.Get(ctx, blob)
}

// held tells an auditor whether a picture is kept as its row says; nil where there is no
// folder to look at.
func (b blobbing) held(data string) (func(context.Context, freight.Picture) (bool, error), error) {
	folder := b.folder(data)
	if _, err := os.Stat(folder); b.Blobs == "" && errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("--blobs (PINHUO_BLOBS): %w", err)
	}
	kept, err := blobs.Open(folder)
	if err != nil {
		return nil, fmt.Errorf("--blobs (PINHUO_BLOBS): %w", err)
	}
	return func(ctx context.Context, p freight.Picture) (bool, error) {
		content, err := kept.Get(ctx, p.Blob)
		if errors.Is(err, blobs.ErrMissing) || errors.Is(err, blobs.ErrBroken) {
			return false, nil
		}
		return int64(len(content)) == p.Bytes, err
	}, nil
}
