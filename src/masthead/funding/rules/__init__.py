"""Pure arithmetic of money and months: no Django, no database, no clock."""
