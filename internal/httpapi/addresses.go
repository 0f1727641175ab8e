package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"jingwei/internal/address"
	"jingwei/internal/register"
)

// AddressPlace is a place that an address means, or may mean.
type AddressPlace struct {
	Level    string  `json:"level" enum:"nothing,province,prefecture,county,town,community,street,compound,building,entrance,house" doc:"How deep it goes"`
	Sure     float64 `json:"sure" doc:"0 to 1"`
	Label    string  `json:"label" doc:"Its standard address, from the town downwards"`
	Division string  `json:"division" doc:"Code of the smallest division that it is known to lie in"`
	House    string  `json:"house" doc:"Empty when it isn't known which" example:"370883-12"`
	Building string  `json:"building" doc:"Empty when it isn't known which, or when it stands on no footprint" example:"370883-7"`
	Lon      float64 `json:"lon"`
	Lat      float64 `json:"lat"`
}

// AddressPlaces are places, the likeliest first.
type AddressPlaces struct {
	Places []AddressPlace `json:"places"`
}

// AddressMatch is what an address means.
type AddressMatch struct {
	Best   AddressPlace   `json:"best"`
	Whole  bool           `json:"whole" doc:"Every number of the address is part of it"`
	Near   bool           `json:"near" doc:"The address names a place beside it"`
	Others []AddressPlace `json:"others" doc:"What else it could be"`
}

type addressInput struct {
	County int32  `query:"county" minimum:"100000" maximum:"999999" required:"true"`
	Text   string `query:"text" required:"true" maxLength:"200" doc:"An address, or the beginning of one: characters, pinyin, or its first letters"`
	View   string `query:"view" maxLength:"12" pattern:"^[0-9]*$" patternDescription:"digits" doc:"Code of the division in view: its places come first among equals"`
}

func (s *Server) addressRoutes() {
	op := func(id, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: http.MethodGet, Path: path, Tags: []string{"register"}, Summary: summary}
	}
	personal(s, op("suggestAddresses", "/api/addresses", "Places whose address begins like what is typed"), s.suggestAddresses)
	personal(s, op("matchAddress", "/api/addresses/match", "The place that an address means"), s.matchAddress)
}

// mostSuggested is how many places are suggested.
const mostSuggested = 12

func (s *Server) suggestAddresses(_ context.Context, in *addressInput) (out AddressPlaces, err error) {
	g, err := s.Addresses.Of(in.County)
	if err != nil {
		return out, err
	}
	return AddressPlaces{addressPlaces(in.County, g.Suggest(in.Text, address.Options{View: in.View, Most: mostSuggested}))}, nil
}

func (s *Server) matchAddress(_ context.Context, in *addressInput) (out AddressMatch, err error) {
	g, err := s.Addresses.Of(in.County)
	if err != nil {
		return out, err
	}
	a := g.Match(in.Text, address.Options{View: in.View})
	return AddressMatch{Best: addressPlace(in.County, &a.Best), Whole: a.Whole, Near: a.Near, Others: addressPlaces(in.County, a.Others)}, nil
}

func addressPlaces(county int32, all []address.Candidate) []AddressPlace {
	out := make([]AddressPlace, len(all))
	for i := range all {
		out[i] = addressPlace(county, &all[i])
	}
	return out
}

func addressPlace(county int32, c *address.Candidate) AddressPlace {
	p := AddressPlace{Level: c.Level.String(), Sure: c.Sure, Label: c.Label, Division: c.Division, Lon: c.At.Lon, Lat: c.At.Lat}
	if c.House > 0 {
		p.House = register.ID{County: county, Number: c.House}.String()
	}
	if c.Building > 0 {
		p.Building = register.ID{County: county, Number: c.Building}.String()
	}
	return p
}
