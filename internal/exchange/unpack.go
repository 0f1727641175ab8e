package exchange

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"jingwei/internal/fault"
)

// What an archive may hold: a county's net takes some tens of megabytes.
const (
	mostUnpacked = 1 << 30
	mostEntries  = 2000
)

// unpack writes the files of a zip archive that belong to maps into a directory and gives the one to read; a file that is no archive is given back as it
// is. Names inside of an archive are used for their last part alone, so nothing is written elsewhere, and what is written is counted: an archive says of
// itself what it likes. More than most bytes aren't unpacked.
//
// Faults: Invalid for a broken archive, one that is too large when unpacked, and one that holds no map or several.
func unpack(file, called, into string, most int64) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return file, nil // whoever reads it says what is wrong
	}
	head := make([]byte, 4)
	_, err = io.ReadFull(f, head)
	f.Close()
	if err != nil || string(head) != "PK\x03\x04" && string(head) != "PK\x05\x06" {
		return file, nil
	}
	archive, err := zip.OpenReader(file)
	if err != nil {
		return "", fault.Wrap(err, fault.Invalid, fmt.Sprintf("压缩包 %s 已损坏，请重新打包", called), fmt.Sprintf("the archive %s is broken; pack it again", called))
	}
	defer archive.Close()
	if len(archive.File) > mostEntries {
		return "", fault.New(fault.Invalid, fmt.Sprintf("压缩包 %s 中有 %d 个文件，过多；请只打包网格图层", called, len(archive.File)),
			fmt.Sprintf("the archive %s holds %d files, too many; pack the layer of grids alone", called, len(archive.File)))
	}
	u := unpacking{called: called, into: into, most: most, left: most}
	for _, entry := range archive.File {
		if err := u.take(entry); err != nil {
			return "", err
		}
	}
	return u.only()
}

// mapFiles are the endings of files that are maps by themselves, sideFiles of those that stand beside one.
var (
	mapFiles  = []string{".shp", ".gpkg", ".geojson", ".json", ".kml", ".tab", ".mif", ".dxf"}
	sideFiles = []string{".shx", ".dbf", ".prj", ".cpg", ".qpj", ".dat", ".id", ".map", ".mid", ".ind"}
)

type unpacking struct {
	called, into string
	most, left   int64
	maps         []string
	stems        []string // of the files, by their number in the directory
}

func (u *unpacking) take(entry *zip.File) error {
	name := path.Base(strings.ReplaceAll(entry.Name, `\`, "/"))
	ending := strings.ToLower(path.Ext(name))
	if entry.FileInfo().IsDir() || strings.HasPrefix(name, ".") || strings.Contains(entry.Name, "__MACOSX") ||
		!slices.Contains(mapFiles, ending) && !slices.Contains(sideFiles, ending) {
		return nil
	}
	if entry.Flags&1 != 0 {
		return fault.New(fault.Invalid, fmt.Sprintf("压缩包 %s 加了密码，请去掉密码再导入", u.called), fmt.Sprintf("the archive %s has a password; pack it without", u.called))
	}
	// A stem may be in any encoding; GDAL gets a plain one.
	stem := path.Dir(entry.Name) + "/" + strings.ToLower(strings.TrimSuffix(name, path.Ext(name)))
	number := slices.Index(u.stems, stem)
	if number < 0 {
		number = len(u.stems)
		u.stems = append(u.stems, stem)
	}
	to := filepath.Join(u.into, fmt.Sprintf("layer%d%s", number, ending))
	if err := u.write(entry, to); err != nil {
		return err
	}
	if slices.Contains(mapFiles, ending) {
		u.maps = append(u.maps, to)
	}
	return nil
}

func (u *unpacking) write(entry *zip.File, to string) error {
	from, err := entry.Open()
	if err != nil {
		return u.broken(err)
	}
	defer from.Close()
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fault.Wrap(err, fault.Invalid, fmt.Sprintf("压缩包 %s 中有重名文件，请整理后再导入", u.called), fmt.Sprintf("the archive %s holds two files of one name", u.called))
	}
	defer f.Close()
	n, err := io.Copy(f, io.LimitReader(from, u.left+1))
	if u.left -= n; u.left < 0 {
		return fault.New(fault.Invalid, fmt.Sprintf("压缩包 %s 解开后超过 %d MB，未读取；请只打包网格图层", u.called, u.most>>20),
			fmt.Sprintf("the archive %s takes more than %d MB when unpacked and wasn't read; pack the layer of grids alone", u.called, u.most>>20))
	}
	if err != nil {
		return u.broken(err)
	}
	return f.Close()
}

func (u *unpacking) broken(err error) error {
	return fault.Wrap(err, fault.Invalid, fmt.Sprintf("压缩包 %s 已损坏，请重新打包", u.called), fmt.Sprintf("the archive %s is broken; pack it again", u.called))
}

// only is the one map that was unpacked.
func (u *unpacking) only() (string, error) {
	switch len(u.maps) {
	case 1:
		return u.maps[0], nil
	case 0:
		return "", fault.New(fault.Invalid, fmt.Sprintf("压缩包 %s 中没有可读的图层（%s）", u.called, strings.Join(mapFiles, "、")),
			fmt.Sprintf("the archive %s holds no layer that can be read (%s)", u.called, strings.Join(mapFiles, ", ")))
	}
	return "", fault.New(fault.Invalid, fmt.Sprintf("压缩包 %s 中有 %d 个图层；请只保留网格图层", u.called, len(u.maps)),
		fmt.Sprintf("the archive %s holds %d layers; keep the layer of grids alone", u.called, len(u.maps)))
}
