package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"

	"jingwei/internal/layout"
	"jingwei/internal/organisation"
	"jingwei/internal/register"
)

// Vehicle is a vehicle that is kept at a house.
type Vehicle struct {
	ID           string `json:"id" example:"370883-12"`
	Plate        string `json:"plate" doc:"Masked"`
	Kind         string `json:"kind" doc:"As the file had it" example:"小型汽车"`
	Colour       string `json:"colour"`
	Owner        string `json:"owner" doc:"Masked; empty when nobody is on record"`
	Resident     string `json:"resident" doc:"Who that is; empty where it isn't known"`
	Organisation string `json:"organisation" doc:"Likewise, of an organisation"`
	House        string `json:"house"`
	Address      string `json:"address" doc:"Of the house"`
	Grid         string `json:"grid" doc:"Empty outside of all grids"`
}

// VehicleList are vehicles that one may see.
type VehicleList struct {
	Vehicles []Vehicle `json:"vehicles"`
}

// VehiclePlate is a plate and whose it is, in clear.
type VehiclePlate struct {
	Plate string `json:"plate"`
	Owner string `json:"owner"`
}

type vehiclesInput struct {
	House string `query:"house" maxLength:"40" required:"true"`
}

type findVehicleInput struct {
	Body struct {
		County int32  `json:"county" minimum:"100000" maximum:"999999"`
		Plate  string `json:"plate" maxLength:"40" doc:"A whole plate"`
	}
}

func (s *Server) vehicleRoutes() {
	op := func(id, method, path, summary, description string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Tags: []string{"register"}, Summary: summary, Description: description, DefaultStatus: http.StatusOK}
	}
	personal(s, op("listVehicles", http.MethodGet, "/api/vehicles", "Vehicles that are kept at a house", ""), s.listVehicles)
	personal(s, op("findVehicle", http.MethodPost, "/api/vehicles/search", "A vehicle by its whole plate", "That somebody looked is kept in the audit trail, what for isn't."), s.findVehicle)
	personal(s, op("showVehiclePlate", http.MethodPost, "/api/vehicles/{id}/plate", "A vehicle's plate and its owner, in clear", "It is kept in the audit trail with its reason."), s.showVehiclePlate)
}

func (s *Server) listVehicles(ctx context.Context, in *vehiclesInput) (out VehicleList, err error) {
	out.Vehicles = []Vehicle{}
	house, err := register.ParseID(in.House)
	if err != nil {
		return out, err
	}
	err = s.read(ctx, func(tx pgx.Tx) error {
		found, err := s.organisations.Vehicles(ctx, tx, house)
		for i := range found {
			out.Vehicles = append(out.Vehicles, vehicleOf(&found[i]))
		}
		return err
	})
	return out, err
}

func (s *Server) findVehicle(ctx context.Context, in *findVehicleInput) (VehicleList, error) {
	return noted(ctx, s, func(tx pgx.Tx) (VehicleList, error) {
		out := VehicleList{Vehicles: []Vehicle{}}
		v, err := s.organisations.FindVehicle(ctx, tx, in.Body.County, in.Body.Plate)
		if v != nil {
			out.Vehicles = append(out.Vehicles, vehicleOf(v))
		}
		return out, err
	})
}

func (s *Server) showVehiclePlate(ctx context.Context, in *numbersInput) (VehiclePlate, error) {
	return notedOf(ctx, s, in.ID, func(tx pgx.Tx, id register.ID) (VehiclePlate, error) {
		c, err := s.organisations.UnmaskVehicle(ctx, tx, id, in.Body.Reason)
		return VehiclePlate(c), err
	})
}

func vehicleOf(v *organisation.Vehicle) Vehicle {
	out := Vehicle{ID: v.ID.String(), Plate: v.Plate, Kind: v.Kind, Colour: v.Colour, Owner: v.Owner, Resident: v.Resident.String(), Organisation: v.Organisation.String(), House: v.House.String(), Address: v.Address}
	if v.Grid != 0 {
		out.Grid = layout.Code(v.Grid).String()
	}
	return out
}
