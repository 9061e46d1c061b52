"""Public-service dossiers, record by record, as the provincial system knows them."""
