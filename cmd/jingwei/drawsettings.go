package main

import (
	"errors"
	"fmt"
	"os"

	"jingwei/internal/drawing"
	"jingwei/internal/fault"
	"jingwei/internal/layout"
)

// settings are what the flags say of the layout.
func (c *drawCommand) settings() (s layout.Settings, err error) {
	s = layout.Settings{Target: orElse(c.Target, layout.DefaultTarget), Tolerance: orElse(c.Tolerance, layout.DefaultTolerance), Seed: c.Seed, Preset: c.Preset, Divide: c.DivideSmall}
	if s.Special, err = layout.ParseSpecial(c.Special); err != nil {
		return s, err
	}
	switch {
	case c.Workload != "" && c.Weight != "":
		return s, fault.New(fault.Invalid, "--weight 与 --workload 只能用其一", "use --weight or --workload, not both")
	case c.Workload != "":
		s.Workload, err = readWorkload(c.Workload)
	case c.Weight != "" && layout.CountName(c.Weight) != layout.Persons:
		name := layout.CountName(c.Weight)
		s.Workload = &drawing.Workload{Name: name, Factors: map[string]float64{name: 1}}
	}
	return s, err
}

func readWorkload(path string) (*drawing.Workload, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, fmt.Sprintf("无法打开 %s：%v", path, err), fmt.Sprintf("can't open %s: %v", path, err))
	}
	defer f.Close()
	w, err := drawing.ParseWorkload(f)
	var wrong *fault.Error
	if errors.As(err, &wrong) {
		return nil, fault.Wrap(err, wrong.Code, path+"："+wrong.ZH, path+": "+wrong.EN)
	}
	if err != nil {
		return nil, err
	}
	factors := make(map[string]float64, len(w.Factors))
	for name, factor := range w.Factors {
		factors[layout.CountName(name)] += factor
	}
	w.Factors = factors
	return w, nil
}
