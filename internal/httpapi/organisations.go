package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"

	"jingwei/internal/fault"
	"jingwei/internal/layout"
	"jingwei/internal/organisation"
	"jingwei/internal/register"
)

// Organisation is a company, a shop, a school or an office.
type Organisation struct {
	ID        string  `json:"id" example:"370883-12"`
	Code      string  `json:"code" doc:"统一社会信用代码; empty when none is on record"`
	Name      string  `json:"name"`
	Kind      string  `json:"kind" enum:"company,trader,government,school,hospital,society,committee,other"`
	Address   string  `json:"address"`
	Staff     int     `json:"staff" doc:"How many work there; -1: not known"`
	Contact   string  `json:"contact" doc:"Whom to ask for, masked; empty when nobody is on record"`
	Phone     string  `json:"phone" doc:"Masked; empty when none is on record"`
	House     string  `json:"house" doc:"The house that it is in; empty for one with a place of its own"`
	Building  string  `json:"building" doc:"Empty when it stands on no footprint"`
	Lon       float64 `json:"lon"`
	Lat       float64 `json:"lat"`
	Grid      string  `json:"grid" doc:"Empty outside of all grids"`
	Community string  `json:"community" doc:"Its name"`
}

// OrganisationList are organisations that one may see.
type OrganisationList struct {
	Organisations []Organisation `json:"organisations"`
	More          bool           `json:"more" doc:"There are more than these"`
}

// OrganisationContact is whom to ask for in an organisation, in clear.
type OrganisationContact struct {
	Contact string `json:"contact"`
	Phone   string `json:"phone"`
}

type organisationsInput struct {
	House    string `query:"house" maxLength:"40" doc:"Those in this house"`
	Building string `query:"building" maxLength:"40" doc:"Those in the houses of this building, and those that have all of it"`
	County   int32  `query:"county" minimum:"100000" maximum:"999999" doc:"With text: where to look"`
	Text     string `query:"text" maxLength:"80" doc:"A piece of a name, of two characters at least, or a whole credit code"`
}

func (s *Server) organisationRoutes() {
	s.organisations = &organisation.Book{Vault: s.Vault, Trail: s.Trail}
	op := func(id, method, path, summary, description string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Tags: []string{"register"}, Summary: summary, Description: description, DefaultStatus: http.StatusOK}
	}
	personal(s, op("listOrganisations", http.MethodGet, "/api/organisations", "Organisations of a house or a building, or by their name or credit code", "One of house, building, and county with text."), s.listOrganisations)
	personal(s, op("showOrganisationContact", http.MethodPost, "/api/organisations/{id}/contact", "Whom to ask for in an organisation, in clear", "It is kept in the audit trail with its reason."), s.showOrganisationContact)
}

func (s *Server) listOrganisations(ctx context.Context, in *organisationsInput) (out OrganisationList, err error) {
	out.Organisations = []Organisation{}
	var place register.ID
	switch {
	case in.House != "":
		place, err = register.ParseID(in.House)
	case in.Building != "":
		place, err = register.ParseID(in.Building)
	case in.County == 0 || in.Text == "":
		err = fault.New(fault.Invalid, "请给出 house、building，或者 county 与 text", "give a house, a building, or a county and a text").At("text")
	}
	if err != nil {
		return out, err
	}
	err = s.read(ctx, func(tx pgx.Tx) (err error) {
		var found []organisation.Organisation
		switch {
		case in.House != "":
			found, err = s.organisations.InHouse(ctx, tx, place)
		case in.Building != "":
			found, err = s.organisations.InBuilding(ctx, tx, place.County, place.Number)
		default:
			found, out.More, err = s.organisations.Search(ctx, tx, in.County, in.Text)
		}
		for i := range found {
			out.Organisations = append(out.Organisations, organisationOf(&found[i]))
		}
		return err
	})
	return out, err
}

func (s *Server) showOrganisationContact(ctx context.Context, in *numbersInput) (OrganisationContact, error) {
	return notedOf(ctx, s, in.ID, func(tx pgx.Tx, id register.ID) (OrganisationContact, error) {
		c, err := s.organisations.Unmask(ctx, tx, id, in.Body.Reason)
		return OrganisationContact(c), err
	})
}

func organisationOf(o *organisation.Organisation) Organisation {
	out := Organisation{ID: o.ID.String(), Code: o.Code, Name: o.Name, Kind: string(o.Kind), Address: o.Address, Staff: o.Staff, Contact: o.Contact, Phone: o.Phone, House: o.House.String(),
		Lon: o.Lon, Lat: o.Lat, Community: o.Community}
	if o.Building != 0 {
		out.Building = register.ID{County: o.ID.County, Number: o.Building}.String()
	}
	if o.Grid != 0 {
		out.Grid = layout.Code(o.Grid).String()
	}
	return out
}
