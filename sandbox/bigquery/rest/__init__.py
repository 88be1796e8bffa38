"""BigQuery's REST interface, version 2. https://cloud.google.com/bigquery/docs/reference/rest"""
