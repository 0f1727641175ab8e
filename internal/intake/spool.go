package intake

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"io"
	"os"
)

// spool is a file on its way in that has to be read from several ends. It lies on disk enciphered, under a key that nobody but this process ever
// has, and it has no name there: what is in it is about people.
type spool struct {
	file  *os.File
	block cipher.Block
	size  int64
}

func newSpool(in io.Reader) (*spool, error) {
	return spooling(func(to io.Writer) error {
		_, err := io.Copy(to, in)
		return err
	})
}

func spooling(write func(io.Writer) error) (*spool, error) {
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	f, err := os.CreateTemp("", "jingwei-")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		f.Close()
		return nil, err
	}
	s := &spool{file: f, block: block}
	err = write(cipher.StreamWriter{S: s.stream(0), W: f})
	if err == nil {
		s.size, err = f.Seek(0, io.SeekCurrent)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return s, nil
}

// Spool keeps what is written on disk, enciphered under a key that is nowhere else, to be read from its beginning, for what is about people and is only
// to be sent when all of it is there. The reader has to be closed.
func Spool(write func(io.Writer) error) (io.ReadCloser, int64, error) {
	s, err := spooling(write)
	if err != nil {
		return nil, 0, err
	}
	return struct {
		io.Reader
		io.Closer
	}{io.NewSectionReader(s, 0, s.size), s}, s.size, nil
}

// stream is the key stream from a block of 16 bytes on. The key is used for one file alone, so the counter may begin at nothing.
func (s *spool) stream(from int64) cipher.Stream {
	var counter [aes.BlockSize]byte
	binary.BigEndian.PutUint64(counter[8:], uint64(from))
	return cipher.NewCTR(s.block, counter[:])
}

// ReadAt deciphers what it reads.
func (s *spool) ReadAt(p []byte, at int64) (int, error) {
	n, err := s.file.ReadAt(p, at)
	stream := s.stream(at / aes.BlockSize)
	var skip [aes.BlockSize]byte
	stream.XORKeyStream(skip[:at%aes.BlockSize], skip[:at%aes.BlockSize])
	stream.XORKeyStream(p[:n], p[:n])
	return n, err
}

func (s *spool) Close() error { return s.file.Close() }
