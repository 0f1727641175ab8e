package httpapi

import (
	"testing"

	"github.com/danielgtaylor/huma/v2"
)

func checkSchema(t *testing.T, path string, registry huma.Registry, schema *huma.Schema, value any) {
	t.Helper()
	if schema.Ref != "" {
		schema = registry.SchemaFromRef(schema.Ref)
	}
	var result huma.ValidateResult
	huma.Validate(registry, schema, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, value, &result)
	for _, err := range result.Errors {
		t.Errorf("%s doesn't fit its schema: %v", path, err)
	}
}
