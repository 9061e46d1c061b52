"""`/api/analytics`: any items by any periods by any units, answered from the warehouse."""
