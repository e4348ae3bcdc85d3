"""What each service promises in its OpenAPI document, held against what it answers."""
